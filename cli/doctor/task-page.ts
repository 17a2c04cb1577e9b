import type { z } from "zod";
import { jsonOrNothing } from "../base/json";
import type { Farm } from "../nodes/ask";
import { askNodes } from "./ask-nodes";
import type { Finding } from "./diagnose";
import { scripts } from "./scripts";

/** A page with JSON of a service of the farm, which a node with a task of it reads. */
interface TaskPage<T> {
  /** The service, and its port in the container. */
  readonly of: { readonly name: string; readonly port: number };
  /** The path, e.g. `/state`. */
  readonly page: string;
  readonly shape: z.ZodType<T>;
  /** The loss without the service, for a person. */
  readonly without: string;
}

/** The findings of a page's content; or one that no node could read it. */
export async function taskPageFindings<T>(
  farm: Farm,
  nodes: readonly string[],
  { of: { name, port }, page, shape, without }: TaskPage<T>,
  findings: (content: T) => Finding[],
): Promise<Finding[]> {
  const script = scripts("task-page.sh", { SERVICE: name, PORT: port, PAGE: page });
  const answers = await askNodes(farm, nodes, script, (_, text) => shape.safeParse(jsonOrNothing(text)).data);
  const [answer] = answers.filter((each) => each !== undefined);
  if (answer !== undefined) return findings(answer);
  return [
    {
      what: `${name} answers on no node: ${without}`,
      byHand: `./farm docker service ps --no-trunc ${name} says why`,
    },
  ];
}
