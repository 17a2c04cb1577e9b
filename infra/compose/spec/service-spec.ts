import type { ComposeService } from "../../../compose";
import { farmLogging, taskTag } from "../../service/farm-service";
import type { Logging } from "../../service/spec/logging";
import type { NetworkUse } from "../../service/spec/networks";
import type { ServiceSpec } from "../../service/spec/service-spec";
import { isJobLabel } from "../../service/spec/job";
import { containerOf } from "./container";
import { endpointOf } from "./endpoint";
import type { Given } from "./given";
import { mapValues } from "./map-values";
import { jobOf } from "./job";
import { limitsOf, placementOf, reservationsOf } from "./placement";
import { jobTasks, rollbackOf, tasksOf } from "./policies";

/** Docker's default logging driver, and that of the farm's nodes. */
const defaultDriver = "json-file";

/**
 * A service of a compose file in Swarm's terms: what the file leaves out is Docker's default. Only logs are limited in size where
 * the file says nothing about them, since a full disk stops a node, and lines of Docker's files have their task's name.
 *
 * @param oneShot whether its tasks end
 */
export function serviceSpec(service: ComposeService, oneShot: boolean, given: Given): ServiceSpec {
  const { resources, networks } = service;
  const job = given.scheduled ? jobOf(service) : undefined;
  const labels = Object.entries(service.serviceLabels).filter(([label]) => job === undefined || !isJobLabel(label));
  return {
    ...containerOf(service, given),
    ...(job ? jobTasks(service, job) : tasksOf(service, oneShot)),
    ...endpointOf(service),
    labels: mapValues(Object.fromEntries(labels), given.text),
    limits: limitsOf(resources),
    reservations: reservationsOf(resources),
    networks: [
      ...networks.map(({ network, aliases, driverOpts }): NetworkUse => ({
        id: given.network(network),
        aliases,
        driverOptions: driverOpts,
      })),
      ...given.networks,
    ],
    placement: placementOf(service),
    update: service.update,
    rollback: rollbackOf(service.rollback),
    logging: loggingOf(service, given),
  };
}

function loggingOf({ logging }: ComposeService, given: Given): Logging {
  if (!logging) return farmLogging;
  const { driver = defaultDriver } = logging;
  const options = mapValues(logging.options, given.text);
  return { driver, options: driver === defaultDriver ? { ...options, ...("tag" in options ? {} : taskTag) } : options };
}
