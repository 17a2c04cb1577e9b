import { services } from "./services";

/** How much the store keeps. */
export interface Retention {
  readonly retentionDays: number;
  readonly diskMiB: number;
}

/** Arguments of VictoriaLogs. */
export function storeFlags({ retentionDays, diskMiB }: Retention): string[] {
  return [
    `-httpListenAddr=:${String(services.store.port)}`,
    "-storageDataPath=/var/lib/victoria-logs",
    `-retentionPeriod=${String(retentionDays)}d`,
    `-retention.maxDiskSpaceUsageBytes=${String(diskMiB)}MiB`,
    // Below it the store takes nothing more, and the nodes keep what they have.
    "-storage.minFreeDiskSpaceBytes=256MiB",
    "-journald.streamFields=_HOSTNAME,_SYSTEMD_UNIT",
    // A larger entry is no entry for VictoriaLogs; with less, one large field of a journal stops its sender.
    "-insert.maxLineSizeBytes=2MiB",
    "-search.maxConcurrentRequests=4",
    "-search.maxQueryDuration=30s",
    "-loggerLevel=WARN",
  ];
}

/** Docker's folder of containers, where vlagent has it. */
export const containersFolder = "/var/lib/docker/containers";

/** The least that vlagent takes. */
const bufferMiB = 513;

/**
 * Arguments of vlagent, which reads the files of Docker's driver `json-file` from where it stopped, through rotations.
 *
 * @param folder for what is read and not stored yet
 */
export function tasksFlags(folder: string): string[] {
  const { store, tasks } = services;
  return [
    `-httpListenAddr=:${String(tasks.port)}`,
    `-tmpDataPath=${folder}`,
    `-remoteWrite.url=http://${store.name}:${String(store.port)}/insert/native`,
    `-remoteWrite.maxDiskUsagePerURL=${String(bufferMiB)}MiB`,
    // The store unpacks several at once in its memory: with the default of 8 MiB one task that prints fast ends it.
    "-remoteWrite.maxBlockSize=1MiB",
    `-fileCollector.glob=${containersFolder}/*/*-json.log`,
    "-fileCollector.msgField=log",
    "-fileCollector.timeField=time",
    "-fileCollector.hostnameField=node",
    "-fileCollector.streamFields=node,attrs.tag,stream",
    "-loggerLevel=WARN",
  ];
}

/** Where systemd-journal-upload sends to. */
export const journalUrl = `http://${services.store.name}:${String(services.store.port)}/insert/journald`;
