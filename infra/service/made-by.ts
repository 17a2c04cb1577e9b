/** The label of everything that Pulumi makes in a swarm; its value is `PROJECT/STACK`. scripts/claim-ports.sh has it too. */
export const madeByLabel = "swarm-farm.made-by";
