import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { changesOf, type ChangingModule } from "../../cli/setup/toolchain/changed-module";
import { versions } from "../../cli/setup/tools/versions";
import type { FakeFarm } from "./fake-farm";

/** A `pulumi` that installs plugins as the real one does: from an archive, or from a folder. */
export const fakePulumi = `#!/bin/sh
case "$1 $2" in
  version*) echo v${versions.pulumi} ;;
  'plugin install')
    echo "install $*" >>"$HOME/calls"
    for last; do :; done
    to=$PULUMI_HOME/plugins/resource-$4-v$5
    rm -rf "$to"; mkdir -p "$to"
    if [ -d "$last" ]; then cp -a "$last/." "$to/"; else tar -C "$to" -xzf "$last"; fi ;;
esac
`;

/** A Go that writes what it is asked for: programs that answer as the ones that they stand for. */
export function fakeGo(machine: FakeFarm, version = "go1.24.4"): void {
  machine.write("pulumi", fakePulumi);
  for (const by of ["bridge", "libvirt"] as const)
    for (const [file, edits] of editedFiles(by))
      machine.write(`changed-by/${by}/${file}`, `package provider\n${edits.map(({ find }) => find).join("")}`);
  machine.program(
    "go",
    `case $* in
      'env GOVERSION') echo ${version}; exit ;;
      'env GOCACHE') echo /tmp; exit ;;
      'mod download '*) exit ;;
      'list -m '*) echo "$here/changed-by/$(basename "$PWD")"; exit ;;
      'mod edit '*) exit ;;
    esac
    case $* in
      *-modfile*)
        while [ "$1" != -modfile ]; do shift; done
        find "$(dirname "$2")/module" -name '*.go' | LC_ALL=C sort | xargs cat >>"$here/changed" ;;
    esac
    echo "in $PWD cgo=$CGO_ENABLED gc=$\{GOGC:-none}" >>"$here/builds"
    while [ "$1" != -o ]; do shift; done
    case $2 in */bin/pulumi) cp "$here/pulumi" "$2" ;; *) printf '#!/bin/sh\\n' >"$2" ;; esac
    chmod +x "$2"`,
  );
}

/** Files of a module that one of ours changes, each with its edits. */
export function editedFiles(by: ChangingModule) {
  const { edits } = changesOf(by);
  return new Map(edits.map(({ file }) => [file, edits.filter((edit) => edit.file === file)] as const));
}

/** The folders and settings of all builds by the fake Go, in their order. */
export function buildsOf(machine: FakeFarm): readonly string[] {
  const file = join(machine.home, "builds");
  return existsSync(file) ? readFileSync(file, "utf8").trim().split("\n") : [];
}
