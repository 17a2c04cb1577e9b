import { days, labelOf, type AlertsConfig, type MatchConfig, type ReceiverConfig, type SilenceConfig } from "./schema";

/** Who gets what nobody is told of. */
const nobody = "nobody/silenced";

/** A chat's message: a line of what is wrong, one of what to do, and the page. */
const chatText =
  '{{ range .Alerts }}{{ if eq .Status "resolved" }}over: {{ end }}{{ .Annotations.summary }}\n{{ .Annotations.action }}\n{{ .Annotations.page }}\n{{ end }}';

/** A title with the alert's name and how many there are. */
const title =
  '[{{ .Status }}{{ if eq .Status "firing" }} {{ .Alerts.Firing | len }}{{ end }}] {{ .GroupLabels.alertname }}';

/**
 * Alertmanager's whole configuration; it has credentials.
 *
 * @returns undefined where nobody is told of anything
 */
export function alertmanagerConfig(alerts: AlertsConfig) {
  const names = Object.keys(alerts.receivers);
  const receiver = alerts.receiver ?? names[0];
  if (receiver === undefined) return undefined;
  const windows = alerts.silences.map((silence, index) => ({ silence, window: windowOf(silence, index) }));
  const own = (mute?: string) =>
    alerts.routes.map((route) => ({
      receiver: route.receiver,
      matchers: matchers(route.match),
      ...(mute === undefined ? {} : { mute_time_intervals: [mute] }),
    }));
  return {
    route: {
      receiver,
      group_by: ["alertname"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: `${String(alerts.repeatHours)}h`,
      routes: [
        ...windows.map(({ silence, window }) =>
          window === undefined
            ? { receiver: nobody, matchers: matchers(silence.match) }
            : {
                receiver,
                matchers: matchers(silence.match),
                mute_time_intervals: [window.name],
                // A route does not pass these on to the routes below it.
                routes: own(window.name),
              },
        ),
        ...own(),
      ],
    },
    receivers: [
      { name: nobody },
      ...Object.entries(alerts.receivers).map(([name, each]) => ({ name, ...receiverOf(each) })),
    ],
    time_intervals: windows.flatMap(({ window }) => window ?? []),
  };
}

function matchers(match: MatchConfig): string[] {
  return Object.entries(labelOf).flatMap(([key, label]) => {
    const value = match[key as keyof MatchConfig];
    return value === undefined ? [] : [`${label}=${JSON.stringify(value)}`];
  });
}

/** The times of a silence that does not hold always. Alertmanager's ranges end within their day. */
function windowOf({ days: chosen, from, to }: SilenceConfig, index: number) {
  if (chosen === undefined && from === undefined) return undefined;
  const range = (start: string, end: string) => ({ start_time: start, end_time: end });
  const on = (all: SilenceConfig["days"]) => (all === undefined ? {} : { weekdays: [...all] });
  const name = `silence-${String(index)}`;
  if (from === undefined || to === undefined) return { name, time_intervals: [on(chosen)] };
  if (from < to) return { name, time_intervals: [{ ...on(chosen), times: [range(from, to)] }] };
  const morning = to === "00:00" ? [] : [{ ...on(chosen && dayAfter(chosen)), times: [range("00:00", to)] }];
  return { name, time_intervals: [{ ...on(chosen), times: [range(from, "24:00")] }, ...morning] };
}

function dayAfter(all: NonNullable<SilenceConfig["days"]>): NonNullable<SilenceConfig["days"]> {
  return all.map((day) => days[(days.indexOf(day) + 1) % days.length] ?? day);
}

function receiverOf({ email, webhook, chat }: ReceiverConfig) {
  return {
    ...(email && {
      email_configs: [
        {
          to: email.to.join(", "),
          from: email.from,
          smarthost: email.server,
          ...(email.user === undefined ? {} : { auth_username: email.user }),
          ...(email.password === undefined ? {} : { auth_password: email.password }),
          require_tls: email.requireTls,
          send_resolved: true,
          headers: { Subject: title },
          html: "",
          text: chatText,
        },
      ],
    }),
    ...(webhook && {
      webhook_configs: [
        {
          url: webhook.url,
          send_resolved: true,
          ...(webhook.token === undefined
            ? {}
            : { http_config: { authorization: { type: "Bearer", credentials: webhook.token } } }),
        },
      ],
    }),
    ...(chat && {
      slack_configs: [
        {
          api_url: chat.url,
          ...(chat.channel === undefined ? {} : { channel: chat.channel }),
          send_resolved: true,
          title,
          title_link: "",
          text: chatText,
          fallback: title,
        },
      ],
    }),
  };
}
