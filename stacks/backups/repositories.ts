import type { BackupsConfig } from "./schema";
import { sftpAlias } from "./sftp";

/** Where the repositories of the nodes are, in restic's words as the task sees them. */
export function repositoriesOf(to: BackupsConfig["to"], farm: string): string {
  if ("folder" in to) return "/backups";
  if ("sftp" in to) return `sftp:${sftpAlias}:${to.sftp.path ?? farm}`;
  const { endpoint, bucket, prefix = farm } = to.s3;
  return `s3:${endpoint}/${bucket}/${prefix}`;
}
