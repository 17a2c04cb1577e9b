import type { Text as ComposeText } from "../../../compose";
import type { NetworkUse } from "../../service/spec/networks";
import type { Referred } from "../../service/spec/references";
import type { Text } from "../../service/spec/text";

/** Context of the mapping of a service: the values and resources that its file only names. */
export interface Given {
  /** By digest, or the image as written where nothing is deployed. */
  readonly image: Text;
  /** Puts the values of secret variables into a text. */
  readonly text: (text: ComposeText) => Text;
  /** The id of a network, by its key. */
  readonly network: (key: string) => NetworkUse["id"];
  /** A config, by its key. */
  readonly config: (key: string) => Referred;
  /** A secret, by its key. */
  readonly secret: (key: string) => Referred;
  /** Whether something starts services whose labels have a schedule. */
  readonly scheduled: boolean;
  /** Networks besides those of the file. */
  readonly networks: readonly NetworkUse[];
}
