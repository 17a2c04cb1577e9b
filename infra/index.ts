/**
 * Exports of the package `swarm-farm`: a farm of virtual machines, the swarm that they form, and services of any swarm. See
 * docs/how-to/library.md.
 */

// A farm: its plan, its guest images and its VMs.
export { ConfigError, type Problem } from "./config/problem";
export { foldersOf, type Folders } from "./config/folders";
export { farmPlan, type FarmDescription } from "./net/farm-plan";
export type { FarmPlan, HostPlan, NetworkPlan, NodePlan } from "./net/plan";
export { builtImage, cloudImage, type CloudImage, type FarmImage, type GuestImage } from "./images/guest-image";
export { Farm, type FarmArgs, type FarmNode, type FarmTransform } from "./libvirt/farm";
export type { Vm, VmLocation } from "./libvirt/vm";

// Secrets that are generated once and kept in the state.
export { Authority, type AuthorityArgs, type Certificate } from "./keys/authority";
export { Login, type LoginArgs } from "./keys/login";
export { Password, type PasswordArgs } from "./keys/password";

// A swarm: of a farm, or an existing one.
export { Swarm, type SwarmArgs, type SwarmTransform } from "./swarm/swarm";
export type { ExistingSwarmArgs } from "./swarm/existing";
export type { RegistryAccess, SwarmTarget } from "./swarm/target";
export type { PatchLevel } from "./swarm/patch-level";
export type { ManagerShell } from "./remote/manager-shell";

// Services and what they use.
export { SwarmService, type ServiceTransform, type SwarmServiceArgs } from "./service/service";
export { SwarmNetwork, type NetworkReference, type SwarmNetworkArgs } from "./service/network";
export { SwarmConfig, type ConfigReference, type SwarmConfigArgs } from "./service/config";
export { SwarmSecret, type SecretReference, type SwarmSecretArgs } from "./service/secret";
export { ServiceError } from "./service/check";
export type { FromNameArgs } from "./service/lookup";
export { ComposeStack, type ComposeServiceAddition, type ComposeStackArgs } from "./compose/compose-stack";
export { ComposeError } from "./compose/read";
export type { ComposeVariables } from "./compose/texts";
export type { ComposeService, Finding } from "../compose";
export { answersHttp, firstOf } from "./service/health";
export type * from "./service/spec/capabilities";
export type * from "./service/spec/container";
export type * from "./service/spec/health";
export type { JobSchedule } from "./service/spec/job";
export type * from "./service/spec/logging";
export type * from "./service/spec/mode";
export type * from "./service/spec/mounts";
export type * from "./service/spec/names";
export type * from "./service/spec/networks";
export type * from "./service/spec/placement";
export type * from "./service/spec/ports";
export type * from "./service/spec/references";
export type * from "./service/spec/resources";
export type * from "./service/spec/restart";
export type * from "./service/spec/service-spec";
export type * from "./service/spec/text";
export type * from "./service/spec/updates";
export type { Transform } from "./component/transform";
