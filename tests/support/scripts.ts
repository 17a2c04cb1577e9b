/** Every folder of shell scripts of the program. */
export { scripts as cleanup } from "../../infra/cleanup/scripts";
export { scripts as images } from "../../infra/images/scripts";
export { scripts as keys } from "../../infra/keys/scripts";
export { scripts as libvirt } from "../../infra/libvirt/scripts";
export { scripts as registry } from "../../infra/registry/scripts";
export { scripts as remote } from "../../infra/remote/scripts";
export { scripts as service } from "../../infra/service/scripts";
export { scripts as swarm } from "../../infra/swarm/scripts";
