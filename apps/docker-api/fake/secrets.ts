import type { FakeSpec } from "./shapes.ts";

/** Texts that must never leave a program that reads a swarm. */
export const secret = "s3cr3t-must-not-leave";

/** The spec with a secret wherever Docker may have one, and with a digest. */
export function withSecrets(spec: FakeSpec): FakeSpec {
  const { TaskTemplate: template } = spec;
  return {
    ...spec,
    Labels: { ...spec.Labels, secret },
    TaskTemplate: {
      ...template,
      ContainerSpec: {
        ...template.ContainerSpec,
        Image: `${template.ContainerSpec.Image}@sha256:${"0".repeat(64)}`,
        ...{
          Labels: { secret },
          Args: ["--password", secret],
          Env: [`PASSWORD=${secret}`],
          Isolation: "default",
          Healthcheck: { Test: ["CMD", secret] },
          Mounts: [{ Type: "bind", Source: `/${secret}`, Target: "/data" }],
          Secrets: [{ File: { Name: secret }, SecretID: secret, SecretName: secret }],
          Configs: [{ File: { Name: secret }, ConfigID: secret, ConfigName: secret }],
        },
      },
    },
  };
}
