// One process for all of them: starting one costs more than most of these tests.
import "./client.ts";
import "./negotiation.ts";
import "./refusals.ts";
import "./shapes.ts";
import "./fake-daemon.ts";
import "./fake-swarm.ts";
