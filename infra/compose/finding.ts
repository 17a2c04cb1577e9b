import { keyPositionOf, type ComposeService, type Finding, type Position } from "../../compose";

/** Makes a finding of a service's key, as `docker stack deploy` has it. `at` is its line unless another is given. */
type Say = (service: ComposeService, key: string, reason: string, alternative: string, at?: Position) => Finding;

const say =
  (outcome: "refused" | "honoured"): Say =>
  (service, key, reason, alternative, at) => {
    const { key: written, position } = keyPositionOf(service, key);
    const { file, line } = at ?? position;
    return { file, line, path: `services.${service.key}.${written}`, outcome, reason, alternative };
  };

/** A value that the farm does not take. */
export const refused = say("refused");

/** A value that the farm takes, with a remark. */
export const honoured = say("honoured");
