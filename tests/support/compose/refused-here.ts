import { type Case, service } from "./cases";

const withFile = (one: Case, name: string): Case => ({ ...one, files: { ...one.files, [name]: "a" } });

/** Keys that docker accepts, often silently, and the farm refuses on purpose, by the path of the finding. */
export const refusedHere: Readonly<Record<string, readonly [Case, path: string]>> = {
  "a volume of one letter, which docker takes for a drive": [
    service("volumes: ['v:/data']"),
    "services.web.volumes[0]",
  ],
  "a dollar sign before a variable, which docker drops": [service("hostname: a $? ${A-b}"), "services.web.hostname"],
  "a folder of this machine that can be written": [
    withFile(service("volumes: ['./d:/d']"), "d/a"),
    "services.web.volumes[0]",
  ],
  "a file outside of the folder": [
    { ...withFile(service("configs: [a]", "configs: {a: {file: /etc/hostname}}"), "a") },
    "configs.a.file",
  ],
  "a second document, which docker drops": [
    { files: { "compose.yaml": "services: {a: {image: a}}\n---\nb: 1\n" } },
    "",
  ],
  "an empty config, which the daemon refuses": [
    { files: { ...service("configs: [a]", "configs: {a: {file: a}}").files, a: "" } },
    "configs.a",
  ],
  "a port published twice, which the daemon refuses": [service("ports: ['80:1', '80:2']"), "services.web.ports"],
  "a constraint that the daemon refuses": [
    service("deploy: {placement: {constraints: [node.role = x]}}"),
    "services.web.deploy.placement.constraints",
  ],
  "an address that docker drops": [
    service("networks: {default: {ipv4_address: 10.0.0.2}}"),
    "services.web.networks.default.ipv4_address",
  ],
  "a key that docker drops with a warning": [service("privileged: true"), "services.web.privileged"],
  "another network beside the node's own, with which no task starts": [
    service("networks: [a, host]", "networks: {a: , host: {external: true}}"),
    "services.web.networks",
  ],
  "a port of a task on the node's own network, which is never published": [
    service("ports: ['8080:80']\nnetworks: [host]", "networks: {host: {external: true}}"),
    "services.web.ports",
  ],
  "a job, which Pulumi's provider cannot make": [service("deploy: {mode: replicated-job}"), "services.web.deploy.mode"],
  "a mount of an image": [service("volumes: [{type: image, source: a, target: /a}]"), "services.web.volumes[0]"],
};
