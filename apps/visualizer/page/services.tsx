import { computed } from "@preact/signals";
import { memo } from "preact/compat";
import type { Service } from "../shared/model.ts";
import { Bar, Image, Mark, Name } from "./parts.tsx";
import { go, route } from "./route.ts";
import { hasEnough, thereOf } from "./states.ts";
import { clusterState } from "./store.ts";
import { sortedServices } from "./view.ts";

const services = computed(() => sortedServices(clusterState.value.services));

const updateTexts: Readonly<Record<string, string>> = {
  updating: "updating",
  paused: "update stopped",
  rollback_started: "rolling back",
  rollback_paused: "rollback stopped",
  rollback_completed: "rolled back",
};

function UpdateLine({ service }: { readonly service: Service }) {
  const { update } = service;
  const text = update && updateTexts[update.state];
  if (!text) return null;
  const stopped = update.state.includes("paused");
  return (
    <span class={`update ${stopped ? "bad" : "warn"}`}>
      <Mark of={stopped ? "bad" : "starting"} />
      {text}
      {update.done === undefined ? "" : ` ${update.done} of ${service.desiredTasks}`}
      {stopped && update.message ? `: ${update.message}` : ""}
      {update.done !== undefined && (
        <Bar
          part={update.done}
          whole={service.desiredTasks}
          label={`${update.done} of ${service.desiredTasks} updated`}
          kind="done"
        />
      )}
    </span>
  );
}

const ServiceRow = memo(function ServiceRow(props: {
  readonly service: Service;
  readonly tint: number;
  readonly chosen: boolean;
}) {
  const { service, tint, chosen } = props;
  const job = service.mode.includes("job");
  const there = thereOf(service);
  const enough = hasEnough(service);
  const words = `${there} of ${service.desiredTasks} ${job ? "done" : "running"}`;
  return (
    <li class={`t${tint % 8}`}>
      <button
        type="button"
        aria-pressed={chosen}
        onClick={() => {
          go({
            service: chosen ? "" : service.name,
            show: "",
            ...(route.value.graphs !== "" && { graphs: chosen ? "farm" : "service", node: "", route: "" }),
          });
        }}
      >
        <span class="name">
          <Name text={service.name} />
        </span>
        <span class={`replicas ${enough ? "" : "short"}`}>
          {!enough && <Mark of="warn" />}
          <span aria-hidden="true">
            {there}/{service.desiredTasks}
          </span>
          <span class="hidden">{words}</span>
        </span>
        <Image of={service.image} />
        <span class="mode">
          {service.mode === "replicated" ? "" : service.mode} {service.ports.join(" ")}
        </span>
        <UpdateLine service={service} />
      </button>
    </li>
  );
});

/** The services with what they want and have; choosing one shows only its tasks. */
export function Services() {
  return (
    <section class="services panel" aria-label="Services">
      <h2>
        Services <small>{services.value.length}</small>
      </h2>
      <ul>
        {services.value.map((service, i) => (
          <ServiceRow key={service.id} service={service} tint={i} chosen={route.value.service === service.name} />
        ))}
      </ul>
    </section>
  );
}
