import { z } from "zod";

/*
 * What is taken from Docker's answers. These shapes are the whitelist: a key that is not named here is dropped when an
 * answer is parsed, so environment values, secrets, arguments and mounts never get into this server's own data.
 */

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? "");
const count = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);
const time = z
  .string()
  .nullish()
  .transform((value) => {
    const ms = Date.parse(value ?? "");
    // Go's zero time is year 1: never happened.
    return ms > 0 ? ms : 0;
  });

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
  Spec: z.object({
    Role: text,
    Availability: text,
    Labels: z.record(z.string(), z.string()).nullish(),
  }),
  Description: z
    .object({
      Hostname: text,
      Platform: z.object({ OS: text, Architecture: text }).nullish(),
      Resources: z.object({ NanoCPUs: count, MemoryBytes: count }).nullish(),
      Engine: z.object({ EngineVersion: text }).nullish(),
    })
    .nullish(),
  Status: z.object({ State: text, Message: text, Addr: text }).nullish(),
  ManagerStatus: z.object({ Leader: z.boolean().nullish(), Reachability: text, Addr: text }).nullish(),
});

/** One of `GET /services` */
export const serviceShape = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: text,
    TaskTemplate: z.object({ ContainerSpec: z.object({ Image: text }).nullish() }).nullish(),
    Mode: z
      .object({
        Replicated: z.object({ Replicas: count }).nullish(),
        Global: z.unknown().optional(),
        ReplicatedJob: z.object({ TotalCompletions: count }).nullish(),
        GlobalJob: z.unknown().optional(),
      })
      .nullish(),
  }),
  Endpoint: z
    .object({
      Ports: z.array(z.object({ Protocol: text, TargetPort: count, PublishedPort: count })).nullish(),
    })
    .nullish(),
  UpdateStatus: z.object({ State: text, Message: text }).nullish(),
  ServiceStatus: z.object({ RunningTasks: count, DesiredTasks: count, CompletedTasks: count }).nullish(),
});

/** One of `GET /tasks` */
export const taskShape = z.object({
  ID: z.string(),
  Version: z.object({ Index: z.number() }).nullish(),
  CreatedAt: time,
  ServiceID: text,
  NodeID: text,
  Slot: count,
  DesiredState: text,
  Spec: z
    .object({
      ContainerSpec: z.object({ Image: text }).nullish(),
      Resources: z.object({ Reservations: z.object({ NanoCPUs: count, MemoryBytes: count }).nullish() }).nullish(),
    })
    .nullish(),
  Status: z.object({
    Timestamp: time,
    State: text,
    Message: text,
    Err: text,
    ContainerStatus: z.object({ ExitCode: z.number().nullish() }).nullish(),
  }),
});

/** One line of `GET /events` */
export const eventShape = z.object({
  Type: text,
  Action: text,
  timeNano: count,
  Actor: z.object({
    ID: text,
    Attributes: z
      .object({ "state.new": z.string(), "availability.new": z.string(), "role.new": z.string() })
      .partial()
      .nullish(),
  }),
});
