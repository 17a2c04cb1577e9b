/** Grafana in the swarm, and its port in its container. */
export const grafanaService = { name: "monitoring-grafana", port: 3000 } as const;

/** The route to Grafana; a farm without it may have this name for another. */
export const grafanaRoute = { name: "grafana", path: "/grafana/" } as const;

/** The administrator of Grafana. `./farm secret` has the password by this name. */
export const grafanaUser = "grafana";

/** The user and group of Grafana's image. */
export const grafanaIds = { uid: 472, gid: 0 } as const;

/** The folder of a container with its secrets. */
const secrets = "/run/secrets";

/** Grafana's secrets, by their files below `/run/secrets`. */
export const secretFiles = { password: "grafana-password", key: "grafana-key" } as const;

/** Where Grafana has the dashboards. */
export const dashboardsFolder = "/etc/grafana/dashboards";

/** Off: requests to servers of Grafana's makers. A farm may have no way out, and nobody asked for it. */
const callsHome = {
  GF_ANALYTICS_REPORTING_ENABLED: "false",
  GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
  GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
  GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: "false",
  GF_NEWS_NEWS_FEED_ENABLED: "false",
  GF_PLUGINS_PLUGIN_ADMIN_ENABLED: "false",
  GF_PLUGINS_PREINSTALL_AUTO_UPDATE: "false",
  GF_PLUGINS_PREINSTALL_DISABLED: "true",
  GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: "true",
  GF_SECURITY_DISABLE_GRAVATAR: "true",
  GF_SNAPSHOTS_EXTERNAL_ENABLED: "false",
};

/** Off: pages without a login. */
const withoutLogin = {
  GF_AUTH_ANONYMOUS_ENABLED: "false",
  GF_METRICS_ENABLED: "false",
  GF_PUBLIC_DASHBOARDS_ENABLED: "false",
  GF_USERS_ALLOW_SIGN_UP: "false",
};

/**
 * Grafana's settings, as variables of its image.
 *
 * @param url of its route
 */
export function grafanaSettings(url: string): Readonly<Record<string, string>> {
  return {
    ...callsHome,
    ...withoutLogin,
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${dashboardsFolder}/farm.json`,
    // Its WebSocket takes the page of one URL, and a farm has one for each node; nothing here streams.
    GF_LIVE_MAX_CONNECTIONS: "0",
    GF_SECURITY_ADMIN_USER: grafanaUser,
    GF_SECURITY_ADMIN_PASSWORD__FILE: `${secrets}/${secretFiles.password}`,
    GF_SECURITY_COOKIE_SECURE: "true",
    // The one that Grafana comes with is in its sources.
    GF_SECURITY_SECRET_KEY__FILE: `${secrets}/${secretFiles.key}`,
    GF_SERVER_ROOT_URL: url,
    // The load balancer strips the prefix; with it Grafana would redirect to itself.
    GF_SERVER_SERVE_FROM_SUB_PATH: "false",
  };
}
