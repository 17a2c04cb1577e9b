import { z } from "zod";

/*
 * The keys of Docker's answers that ./farm reads; others are dropped. Go leaves out what is empty, or sends null.
 */

const Labels = z.record(z.string(), z.string()).nullish();

/** `GET /info`. */
export const Info = z.object({
  Swarm: z.object({
    ControlAvailable: z.boolean().default(false),
    Managers: z.number().default(0),
    /** Absent on a worker. */
    Cluster: z
      .object({ Spec: z.object({ Dispatcher: z.object({ HeartbeatPeriod: z.number().optional() }).optional() }) })
      .nullish(),
  }),
});

/** `docker info -f '{{json .}}'` on a manager. */
export const ManagerInfo = z.object({
  ServerVersion: z.string(),
  Swarm: z.object({ Cluster: z.object({ ID: z.string() }) }),
});

/** One of `GET /nodes`. */
const Member = z.object({
  ID: z.string(),
  Spec: z.object({ Role: z.string(), Availability: z.string(), Labels }),
  /** Empty for a member that was accepted and has not reported yet, or whose join was cut off. */
  Description: z.object({ Hostname: z.string().default("") }),
  /** `ready`, `down`, `disconnected` or `unknown`. */
  Status: z.object({ State: z.string() }),
});

export type Member = z.infer<typeof Member>;

/** `GET /nodes`. */
export const Nodes = z.array(Member);

/** A line of `docker node ls --format '{{json .}}'`. */
export const ListedNode = z.object({ Hostname: z.string(), ID: z.string(), ManagerStatus: z.string() });

const Mount = z.object({ Type: z.string(), Source: z.string().default("") });

/** Without a test it is the image's, if that has one; `NONE`: none. */
const Healthcheck = z.object({ Test: z.array(z.string()).nullish() });

const Service = z.object({
  ID: z.string(),
  Spec: z.object({
    Name: z.string(),
    Labels,
    /** A job has another mode. */
    Mode: z.object({
      Replicated: z.object({ Replicas: z.number().optional() }).optional(),
      Global: z.unknown().optional(),
    }),
    TaskTemplate: z.object({
      /** Absent for tasks that are no containers. */
      ContainerSpec: z
        .object({ Image: z.string().optional(), Mounts: z.array(Mount).nullish(), Healthcheck: Healthcheck.nullish() })
        .nullish(),
      /** Absent or `any`: a task that ends is started again. */
      RestartPolicy: z.object({ Condition: z.string().optional() }).nullish(),
    }),
  }),
  /** Absent while no update has been. */
  UpdateStatus: z.object({ State: z.string().optional() }).nullish(),
});

/** `GET /services`. */
export const Services = z.array(Service);

/** `GET /services?status=true`. */
export const ServicesWithStatus = z.array(Service.extend({ ServiceStatus: z.object({ DesiredTasks: z.number() }) }));

/** `GET /tasks`. */
export const Tasks = z.array(
  z.object({
    ID: z.string(),
    ServiceID: z.string().optional(),
    NodeID: z.string().optional(),
    Slot: z.number().optional(),
    CreatedAt: z.string(),
    DesiredState: z.string(),
    Status: z.object({ Timestamp: z.string(), State: z.string(), Err: z.string().optional() }),
  }),
);

/** A task of `GET /tasks`. */
export type Task = z.infer<typeof Tasks>[number];

/** `GET /volumes`. */
export const Volumes = z.object({ Volumes: z.array(z.object({ Name: z.string(), Labels })).nullish() });
