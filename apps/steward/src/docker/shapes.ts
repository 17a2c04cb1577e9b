import { z } from "zod";

/*
 * What is taken from Docker's answers. Go leaves out what is empty, or sends null: both become the empty value here.
 * Environment values, arguments and secrets of services are dropped when an answer is parsed.
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
const listOf = <T extends z.ZodType>(item: T) =>
  z
    .array(item)
    .nullish()
    .transform((value) => value ?? []);

const version = z.object({ Index: z.number() });
const resources = z.object({ NanoCPUs: count, MemoryBytes: count }).nullish();

/** One of `GET /nodes` */
export const nodeShape = z.object({
  ID: z.string(),
  Spec: z.object({ Role: text, Availability: text, Labels: labels }),
  Description: z
    .object({
      Hostname: text,
      Platform: z.object({ OS: text, Architecture: text }).nullish(),
      Resources: resources,
      Engine: z.object({ Labels: labels }).nullish(),
    })
    .nullish(),
  Status: z.object({ State: text }).nullish(),
});

const templateShape = z.object({
  ContainerSpec: z.object({ Mounts: listOf(z.object({ Type: text })) }).nullish(),
  Resources: z.object({ Reservations: resources }).nullish(),
  Placement: z
    .object({
      Constraints: listOf(z.string()),
      Preferences: listOf(z.object({ Spread: z.object({ SpreadDescriptor: text }).nullish() })),
      MaxReplicas: count,
      Platforms: listOf(z.object({ OS: text, Architecture: text })),
    })
    .nullish(),
});

/** One of `GET /services?status=true` */
export const serviceShape = z.object({
  ID: z.string(),
  Version: version,
  Spec: z.object({
    Name: text,
    Labels: labels,
    TaskTemplate: templateShape,
    Mode: z
      .object({
        // An absent count means one.
        Replicated: z.object({ Replicas: z.number().nullish() }).nullish(),
        Global: z.unknown().optional(),
      })
      .nullish(),
    EndpointSpec: z
      .object({ Ports: listOf(z.object({ Protocol: text, PublishedPort: count, PublishMode: text })) })
      .nullish(),
  }),
  UpdateStatus: z.object({ State: text }).nullish(),
  ServiceStatus: z.object({ RunningTasks: count }).nullish(),
});

/** One of `GET /tasks` */
export const taskShape = z.object({
  ID: z.string(),
  ServiceID: text,
  NodeID: text,
  DesiredState: text,
  Spec: z.object({ Resources: z.object({ Reservations: resources }).nullish() }).nullish(),
  Status: z.object({ State: text, Err: text }),
});

/** `GET /services/{id}`, of which the whole spec must be sent back: nothing of it is dropped. */
export const wholeServiceShape = z.object({
  Version: version,
  Spec: z.looseObject({ Mode: z.looseObject({ Replicated: z.looseObject({}).optional() }) }),
});

/** One of `GET /configs` */
export const configShape = z.object({
  ID: z.string(),
  Version: version,
  Spec: z.object({ Name: text, Labels: labels, Data: text }),
});
