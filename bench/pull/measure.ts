import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { foldersOf } from "../../infra/config/folders";
import { containerImage } from "../../infra/images/container";
import { guestImage } from "../../infra/images/guest";
import type { FarmImage } from "../../infra/images/guest-image";
import { preloadedImages } from "../../infra/images/guest-content";
import { catalogOf } from "../../stacks/catalog";
import { stacks } from "../../stacks/index";
import { casesOf, type Case, type Measured, type Transfer } from "./cases";
import { containers, fileName, filesFolder, requestOf } from "./containers";
import { medianCost } from "./cost";
import { encodings } from "./encodings";
import { encoded, manifestOf, ownLayers, sizeOf } from "./layout";
import { connect, host, Node } from "./node";
import { Registry, registryNames } from "./registry";
import type { Sample, Samples } from "./samples";
import { alternativeTable, imageTable, resultOf, sizeTable, type Result } from "./table";

/** Cases of a run, and its folder. */
export interface Plan {
  /** For files of this run. */
  readonly folder: string;
  /** How often each case is measured, those of earlier runs included. */
  readonly rounds: number;
  readonly samples: Samples;
  /** Names of images that `containers` has. */
  readonly images: readonly string[];
  /** Those of them of which each encoding is measured. */
  readonly alternatives: readonly string[];
}

/** An image of the registry. */
interface Pushed {
  /** Repository and digest. */
  readonly name: string;
  /** Its configuration's digest, Docker's id of it, which is that of each encoding. */
  readonly id: string;
  /** Bytes of its own layers. */
  readonly own: number;
}

/** Measures all cases in one VM, round by round. @returns the tables in Markdown */
export async function measure(plan: Plan): Promise<string> {
  const layouts = layoutsOf(plan.images);
  const pushed = new Map<string, Pushed>();
  await connect();
  const registry = await Registry.start(layouts.of("registry"), join(plan.folder, "registry"));
  try {
    await pushAll(plan, registry, layouts, pushed);
    const node = await Node.start(layouts.guest, plan.folder);
    try {
      await prepare(node, registry);
      const results = await measureCases(plan, node, layouts, pushed);
      const step = medianCost([
        await node.step(["nothing"]),
        await node.step(["nothing"]),
        await node.step(["nothing"]),
      ]);
      return [
        imageTable(results),
        alternativeTable(results),
        sizeTable(plan.images.map((image) => sizesOf(image, layouts))),
        `A step by itself: ${step.qemu.toFixed(2)} CPU s, ${step.seconds.toFixed(1)} s, ${String(step.bytes)} bytes`,
      ].join("\n\n");
    } finally {
      await node.stop();
    }
  } finally {
    registry.stop();
  }
}

const key = (image: string, transfer: Transfer) => `${image} ${transfer}`;

interface Layouts {
  /** The folder of an image. */
  readonly of: (image: string) => string;
  readonly guest: FarmImage;
  /** The folder of images in other encodings, which later runs use too. */
  readonly kept: string;
}

function layoutsOf(images: readonly string[]): Layouts {
  const { cache } = foldersOf("bench", process.env);
  const { recipes } = catalogOf(stacks);
  const of = (image: string) => containerImage(image, cache, recipes).layout;
  const unknown = images.filter((image) => !(image in containers));
  if (unknown.length > 0)
    throw new Error(`no image '${unknown.join("', '")}': --images takes ${Object.keys(containers).join(", ")}`);
  const guest = guestImage({ kind: "farm" }, cache, recipes);
  if (guest.kind !== "farm") throw new Error("the guest image is the farm's own");
  const missing = [guest.disk, ...["base", "registry", ...images].map(of)].filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`${missing.join(", ")}: not there; ./farm setup builds it`);
  return { of, guest, kept: join(cache, "bench-pull") };
}

async function pushAll(plan: Plan, registry: Registry, layouts: Layouts, pushed: Map<string, Pushed>): Promise<void> {
  const base = layouts.of("base");
  const push = async (image: string, transfer: Transfer, layout: string) => {
    const name = await registry.push(layout, image);
    const { config, layers } = manifestOf(layout);
    const own = sizeOf(ownLayers(layers, manifestOf(base).layers));
    pushed.set(key(image, transfer), { name, id: config.digest, own });
  };
  for (const image of plan.images) {
    const layout = layouts.of(image);
    await push(image, "shipped", layout);
    await push(image, "no TLS", layout);
    for (const encoding of plan.alternatives.includes(image) ? encodings : []) {
      const folder = join(layouts.kept, `${basename(layout)}-${encoding.replaceAll(" ", "")}`);
      await encoded(layout, base, encoding, folder);
      await push(image, encoding, folder);
    }
  }
}

/** The registry's name and certificate, and files of the containers. */
async function prepare(node: Node, registry: Registry): Promise<void> {
  const trust = `/etc/docker/certs.d/${registryNames.tls}`;
  await node.shell(`mkdir -p ${trust} ${filesFolder} && cat >${trust}/ca.crt`, registry.certificate);
  await node.shell(`echo '${host} ${registryNames.tls.split(":")[0] ?? ""}' >>/etc/hosts`);
  const insecure = `"insecure-registries": ["${registryNames.plain}"],`;
  await node.shell(`sed -i '1s/{/{ ${insecure}/' /etc/docker/daemon.json && kill -HUP $(cat /run/docker.pid)`);
  for (const { files = {} } of Object.values(containers))
    for (const [path, content] of Object.entries(files))
      await node.shell(`cat >${filesFolder}/${fileName(path)}`, content);
  // A node has work of its own after its start.
  await sleep(20_000);
}

async function measureCases(
  plan: Plan,
  node: Node,
  layouts: Layouts,
  pushed: ReadonlyMap<string, Pushed>,
): Promise<readonly Result[]> {
  const cases = casesOf(plan.images.map((image) => measuredOf(image, plan, layouts)));
  const ids = new Set([...pushed.values()].map(({ id }) => id));
  const isOpen = (each: Case) => plan.samples.of(each).length < plan.rounds;
  for (const store of ["image", "base", "nothing"] as const) {
    const ofStore = cases.filter((each) => each.store === store);
    if (!ofStore.some(isOpen)) continue;
    if (store === "base") for (const id of ids) await node.prepare("forget", id);
    if (store === "nothing") await node.prepare("empty");
    while (ofStore.some(isOpen))
      for (const each of ofStore.filter(isOpen)) {
        const sample = await measureCase(each, node, pushed);
        plan.samples.add(sample);
        process.stderr.write(`${JSON.stringify(sample)}\n`);
      }
  }
  return cases.map((measured) => resultOf(measured, plan.samples.of(measured)));
}

async function measureCase(each: Case, node: Node, pushed: ReadonlyMap<string, Pushed>): Promise<Sample> {
  const { image, store, transfer, starts } = each;
  const container = containers[image];
  const found = pushed.get(key(image, transfer));
  if (container === undefined || found === undefined) throw new Error(`'${image}' was not pushed`);
  const reference = `${transfer === "no TLS" ? registryNames.plain : registryNames.tls}/${found.name}`;
  await node.prepare("forget");
  const pull = store === "image" ? {} : { pull: await node.step(["pull", reference]) };
  const request = JSON.stringify(requestOf(reference, container));
  const start = starts ? { start: await node.step(["start"], request) } : {};
  await node.prepare("forget", ...(store === "image" ? [] : [found.id]));
  return { ...each, ...pull, ...start, own: found.own };
}

function measuredOf(name: string, { alternatives }: Plan, layouts: Layouts): Measured {
  const base = manifestOf(layouts.of("base")).layers;
  const { layers } = manifestOf(layouts.of(name));
  return {
    name,
    onBase: ownLayers(layers, base).length < layers.length,
    preloaded: preloadedImages().includes(name),
    alternatives: alternatives.includes(name),
  };
}

function sizesOf(image: string, layouts: Layouts) {
  const { layers } = manifestOf(layouts.of(image));
  return { image, whole: sizeOf(layers), own: sizeOf(ownLayers(layers, manifestOf(layouts.of("base")).layers)) };
}
