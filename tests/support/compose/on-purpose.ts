import { farmLogging, taskTag } from "../../../infra/service/farm-service";
import { madeByLabel } from "../../../infra/service/made-by";
import { list, mapped, object, text } from "./json";
import type { JsonObject, Recorded } from "./recording-api";

type Change = (spec: JsonObject) => JsonObject;

/** Intended differences of the farm, as changes of the model: the only excuses of the comparison. */
export const onPurpose: Readonly<Record<string, (model: Recorded) => Recorded>> = {
  "a variable without a value is left out: the provider cannot remove one of the image": inContainers((container) => ({
    ...container,
    Env: list(container.Env).filter((each) => typeof each !== "string" || each.includes("=")),
  })),
  "`init` is said, since the provider says false where it is not": inContainers((container) => ({
    ...container,
    Init: container.Init ?? false,
  })),
  "Docker Desktop's consistency of a mount is left out": inContainers((container) => ({
    ...container,
    Mounts: list(container.Mounts).map((mount) => ({ ...object(mount), Consistency: "" })),
  })),
  "constraints are written in Swarm's own form": inServices((spec) => {
    const task = object(spec.TaskTemplate);
    const placement = object(task.Placement);
    const Constraints = list(placement.Constraints).map((each) => text(each)?.replace(/\s*([!=]=)\s*/, " $1 ") ?? each);
    return { ...spec, TaskTemplate: { ...task, Placement: { ...placement, Constraints } } };
  }),
  "logs are limited where the file says nothing of them": inServices((spec) => ({
    ...spec,
    TaskTemplate: {
      ...object(spec.TaskTemplate),
      LogDriver: object(spec.TaskTemplate).LogDriver ?? {
        Name: farmLogging.driver,
        Options: farmLogging.options as JsonObject,
      },
    },
  })),
  "lines of Docker's files have their task's name": inServices((spec) => {
    const task = object(spec.TaskTemplate);
    const driver = object(task.LogDriver);
    if ((text(driver.Name) ?? "json-file") !== "json-file") return spec;
    const Options = { ...taskTag, ...object(driver.Options) };
    return { ...spec, TaskTemplate: { ...task, LogDriver: { ...driver, Options } } };
  }),
  "a rollback that fails pauses, as swarmkit does: the provider refuses the word `rollback` there": inServices(
    (spec) => {
      const { FailureAction, ...policy } = object(spec.RollbackConfig);
      if (FailureAction !== "rollback") return spec;
      return { ...spec, RollbackConfig: { ...policy, FailureAction: "pause" } };
    },
  ),
  "everything says which program made it": (model) => ({
    services: mapped(model.services, marked),
    networks: mapped(model.networks, marked),
    configs: mapped(model.configs, marked),
    secrets: mapped(model.secrets, marked),
  }),
};

/** The names of configs and secrets without the hash that makes another content another one. */
export function withoutHashes(recorded: Recorded): Recorded {
  const short = (text: string) => text.replace(/-[0-9a-f]{12}$/, "");
  const plain = (specs: ReadonlyMap<string, JsonObject>) =>
    new Map(
      [...specs].map(([name, spec]) => [
        short(name),
        JSON.parse(JSON.stringify(spec), (key, value: unknown) =>
          /^(Name|ConfigName|ConfigID|SecretName|SecretID)$/.test(key) && typeof value === "string"
            ? short(value)
            : value,
        ) as JsonObject,
      ]),
    );
  const { services, networks, configs, secrets } = recorded;
  return { services: plain(services), networks, configs: plain(configs), secrets: plain(secrets) };
}

function inServices(change: Change): (model: Recorded) => Recorded {
  return (model) => ({ ...model, services: mapped(model.services, change) });
}

function inContainers(change: Change): (model: Recorded) => Recorded {
  return inServices((spec) => {
    const task = object(spec.TaskTemplate);
    return { ...spec, TaskTemplate: { ...task, ContainerSpec: change(object(task.ContainerSpec)) } };
  });
}

function marked(spec: JsonObject): JsonObject {
  return { ...spec, Labels: { ...object(spec.Labels), [madeByLabel]: "swarm-farm/dev" } };
}
