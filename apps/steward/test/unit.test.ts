// One process for all of them: starting one costs more than most of these tests.
import "./unit/balance.ts";
import "./unit/constraint.ts";
import "./unit/decide.ts";
import "./unit/inputs.ts";
import "./unit/memory.ts";
import "./unit/move.ts";
import "./unit/observe.ts";
import "./unit/plan.ts";
import "./unit/project.ts";
import "./unit/swarm.ts";
