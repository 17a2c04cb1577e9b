// One process for all of them: starting one costs more than most of these tests.
import "./unit/allow.ts";
import "./unit/built.ts";
import "./unit/activity.ts";
import "./unit/alerts.ts";
import "./unit/hostile.ts";
import "./unit/login.ts";
import "./unit/logs.ts";
import "./unit/page.ts";
import "./unit/project.ts";
import "./unit/reader.ts";
import "./unit/cluster-state.ts";
import "./unit/secrets.ts";
import "./unit/time-line-store.ts";
import "./unit/viewers.ts";
import "./unit/watch.ts";
