import { z } from "zod";

/** The output of `print_pair` in scripts/lib/certificate.sh: a key and its certificate, in PEM. */
export const PrintedPair = z.object({ key: z.string(), cert: z.string() });
