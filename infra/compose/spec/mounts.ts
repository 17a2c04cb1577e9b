import type { ComposeMount } from "../../../compose";
import type { BindMount, Mount, VolumeMount } from "../../service/spec/mounts";
import { mebibytes } from "../../service/spec/units";
import type { Given } from "./given";
import { mapValues } from "./map-values";

const propagations = ["private", "rprivate", "shared", "rshared", "slave", "rslave"] as const;

/** A way of propagation by its name; undefined where Linux has none of that name. */
export function propagationOf(name: string | undefined): BindMount["propagation"] {
  return propagations.find((each) => each === name);
}

/** The mounts that Pulumi's Docker provider has; the reader refuses others. */
export function mountsOf(mounts: readonly ComposeMount[], text: Given["text"]): Mount[] {
  return mounts.flatMap((mount): Mount[] => {
    const { target, readOnly } = mount;
    switch (mount.type) {
      case "tmpfs": {
        const { sizeBytes, mode } = mount;
        // Docker takes 0 for no size.
        const sizeMiB = sizeBytes === undefined || sizeBytes === 0 ? undefined : mebibytes(sizeBytes);
        return [{ type: "tmpfs", target, readOnly, sizeMiB, mode }];
      }
      case "bind":
        return [
          { type: "bind", target, readOnly, source: mount.source, propagation: propagationOf(mount.propagation) },
        ];
      case "volume":
        return [{ type: "volume", target, readOnly, ...volume(mount, text) }];
      default:
        return [];
    }
  });
}

function volume(
  { source, noCopy, labels, driver }: Extract<ComposeMount, { type: "volume" }>,
  text: Given["text"],
): Pick<VolumeMount, "source" | "noCopy" | "labels" | "driver"> {
  return { source, noCopy, labels, driver: driver && { name: driver.name, options: mapValues(driver.options, text) } };
}
