// One process for all of them: starting one costs more than most of these tests.
import "./unit/decide.ts";
import "./unit/job.ts";
import "./unit/run.ts";
import "./unit/schedule.ts";
import "./unit/settings.ts";
