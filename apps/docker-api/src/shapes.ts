import * as z from "zod";

/*
 * Keys that are read from Docker's answers. These shapes are a whitelist: a key that is not named here is dropped when an
 * answer is parsed, so environment values, secrets and arguments of services never get into a program's own data.
 * Go leaves out what is empty, or sends null: both become the empty value here.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const labels = z
  .record(z.string(), z.string())
  .nullish()
  .transform((value) => value ?? {});
const time = z
  .string()
  .nullish()
  .transform((value) => {
    const ms = Date.parse(value ?? "");
    // Go's zero time is year 1: never happened.
    return ms > 0 ? ms : 0;
  });

/** A list; an empty one may come as null. */
export const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const version = z.object({ Index: z.number() });
const resources = z.object({ NanoCPUs: count, MemoryBytes: count }).nullish();
const reservations = z.object({ Reservations: resources }).nullish();

/** `GET /version` */
export const versionShape = z.object({ Version: text, ApiVersion: z.string(), MinAPIVersion: text });

/** `GET /info` */
export const infoShape = z.object({
  Name: text,
  SystemTime: time,
  Swarm: z.object({ LocalNodeState: text, ControlAvailable: z.boolean().nullish(), Error: text }).nullish(),
});

/** One of `GET /nodes` */
export const nodeShape = z.object({
  ID: z.string(),
  Spec: z.object({ Role: text, Availability: text, Labels: labels }),
  Description: z
    .object({
      Hostname: text,
      Platform: z.object({ OS: text, Architecture: text }).nullish(),
      Resources: resources,
      Engine: z.object({ EngineVersion: text, Labels: labels }).nullish(),
    })
    .nullish(),
  Status: z.object({ State: text, Message: text, Addr: text }).nullish(),
  ManagerStatus: z.object({ Leader: z.boolean().nullish(), Reachability: text, Addr: text }).nullish(),
});

const templateShape = z.object({
  ForceUpdate: count,
  ContainerSpec: z.object({ Image: text, Mounts: listOf(z.object({ Type: text })) }).nullish(),
  Resources: reservations,
  Placement: z
    .object({
      Constraints: listOf(z.string()),
      Preferences: listOf(z.object({ Spread: z.object({ SpreadDescriptor: text }).nullish() })),
      MaxReplicas: count,
      Platforms: listOf(z.object({ OS: text, Architecture: text })),
    })
    .nullish(),
});

const modeShape = z.object({
  // An absent number of replicas means one.
  Replicated: z.object({ Replicas: z.number().nullish() }).nullish(),
  Global: z.unknown().optional(),
  ReplicatedJob: z.object({ TotalCompletions: count }).nullish(),
  GlobalJob: z.unknown().optional(),
});

/** One of `GET /services?status=true` */
export const serviceShape = z.object({
  ID: z.string(),
  Version: version,
  UpdatedAt: time,
  Spec: z.object({
    Name: text,
    Labels: labels,
    TaskTemplate: templateShape,
    Mode: modeShape.nullish(),
    EndpointSpec: z
      .object({ Ports: listOf(z.object({ Protocol: text, PublishedPort: count, PublishMode: text })) })
      .nullish(),
  }),
  Endpoint: z
    .object({ Ports: listOf(z.object({ Protocol: text, TargetPort: count, PublishedPort: count })) })
    .nullish(),
  UpdateStatus: z.object({ State: text, Message: text }).nullish(),
  ServiceStatus: z.object({ RunningTasks: count, DesiredTasks: count, CompletedTasks: count }).nullish(),
});

/** `GET /services/{id}`, of which the whole spec must be sent back: nothing of it is dropped. */
export const wholeServiceShape = z.object({
  Version: version,
  Spec: z.looseObject({
    Mode: z.looseObject({ Replicated: z.looseObject({}).optional() }),
    TaskTemplate: z.looseObject({}),
  }),
});

/** One of `GET /tasks` */
export const taskShape = z.object({
  ID: z.string(),
  CreatedAt: time,
  ServiceID: text,
  NodeID: text,
  Slot: count,
  DesiredState: text,
  Spec: z
    .object({ ForceUpdate: count, ContainerSpec: z.object({ Image: text }).nullish(), Resources: reservations })
    .nullish(),
  Status: z.object({
    Timestamp: time,
    State: text,
    Message: text,
    Err: text,
    ContainerStatus: z.object({ ExitCode: z.number().nullish() }).nullish(),
  }),
});

/** One of `GET /configs` */
export const configShape = z.object({
  ID: z.string(),
  Version: version,
  Spec: z.object({ Name: text, Labels: labels, Data: text }),
});

/** One line of `GET /events` */
export const eventShape = z.object({
  Type: text,
  Action: text,
  Actor: z.object({
    ID: text,
    Attributes: z
      .object({ "state.new": z.string(), "availability.new": z.string(), "role.new": z.string() })
      .partial()
      .nullish(),
  }),
});
