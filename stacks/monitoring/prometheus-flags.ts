/** How much data is kept. */
export interface Retention {
  readonly retentionDays: number;
  readonly diskMiB: number;
}

/** The write-ahead log is not in the limit of the size, which Prometheus applies to finished blocks. */
const walShare = 0.25;

/** Arguments of Prometheus besides those of its image. */
export function prometheusFlags({ retentionDays, diskMiB }: Retention): string[] {
  return [
    `--storage.tsdb.retention.time=${String(retentionDays)}d`,
    `--storage.tsdb.retention.size=${String(Math.floor(diskMiB * (1 - walShare)))}MB`,
    "--storage.tsdb.wal-segment-size=16MB",
    "--query.max-concurrency=4",
    "--query.max-samples=5000000",
    "--query.timeout=30s",
    "--web.max-connections=64",
    "--log.level=warn",
  ];
}
