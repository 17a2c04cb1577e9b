// One process for all of them: starting one costs more than most of these tests.
import "./browser/access.ts";
import "./browser/graphs.ts";
import "./browser/live.ts";
import "./browser/look.ts";
import "./browser/real.ts";
import "./browser/recover.ts";
import "./browser/scale.ts";
