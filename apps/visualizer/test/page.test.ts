// A process of its own: the page's modules find a browser's window in it.
import "./page/alerts.tsx";
import "./page/board.tsx";
import "./page/detail.tsx";
import "./page/filters.tsx";
import "./page/graphs.tsx";
import "./page/header.tsx";
import "./page/link.ts";
import "./page/logs-page.tsx";
import "./page/node.tsx";
import "./page/plot.ts";
import "./page/services.tsx";
import "./page/store.ts";
import "./page/timeline.tsx";
