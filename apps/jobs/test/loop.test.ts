// One process for all of them: starting one costs more than most of these tests.
import "./loop/program.ts";
import "./loop/scheduler.ts";
import "./loop/swarm.ts";
