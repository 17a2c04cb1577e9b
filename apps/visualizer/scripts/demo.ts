import { churn, generateSwarm, makeRandom } from "../fake/generate.ts";
import { startFakePrometheus } from "../fake/prometheus.ts";
import { listen, visualizer } from "../fake/run.ts";

/** `npm run demo [NODES] [TASKS]`: the page of a swarm that does not exist, but lives. */
const [nodes = 5, tasks = 60] = process.argv.slice(2).map(Number);
const swarm = generateSwarm(nodes, tasks);
const docker = await listen(swarm);
const { PORT = "8080", PROMETHEUS = (await startFakePrometheus(swarm)).url } = process.env;
const { port } = await visualizer(docker.socket, { PORT, PROMETHEUS });
console.log(`http://localhost:${port}/`);
const random = makeRandom(1);
setInterval(() => {
  churn(swarm, random);
}, 1_500);
