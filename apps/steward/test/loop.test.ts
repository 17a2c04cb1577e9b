// One process for all of them: starting one costs more than most of these tests.
import "./loop/autoscale.ts";
import "./loop/command.ts";
import "./loop/crash.ts";
import "./loop/lease.ts";
import "./loop/program.ts";
import "./loop/rebalance.ts";
