/** Arguments of Alertmanager. It is alone: without a cluster it listens for no others. */
export const alertmanagerFlags = [
  "--config.file=/run/secrets/alertmanager.yml",
  "--storage.path=/tmp/alertmanager",
  "--cluster.listen-address=",
  "--log.level=warn",
];
