import { placeOf, type ComposeService, type Finding, type Position } from "../../compose";

/** Makes a finding of a service's key, as `docker stack deploy` has it. `at` is its line unless another is given. */
type Say = (service: ComposeService, key: string, reason: string, alternative: string, at?: Position) => Finding;

const say =
  (outcome: "refused" | "honoured"): Say =>
  (service, key, reason, alternative, at) => {
    const place = placeOf(service, key);
    const { file, line } = at ?? place.at;
    return { file, line, path: `services.${service.key}.${place.key}`, outcome, reason, alternative };
  };

/** A value that the farm does not take. */
export const refused = say("refused");

/** A value that the farm takes, with a remark. */
export const honoured = say("honoured");
