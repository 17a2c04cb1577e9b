/** The label of everything that Pulumi creates in a swarm; its value is `PROJECT/STACK`. scripts/claim-ports.sh has it too. */
export const madeByLabel = "swarm-farm.made-by";
