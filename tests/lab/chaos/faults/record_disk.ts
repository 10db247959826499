/**
 * A small pool of its own for the record of the source, which can be filled.
 *
 * @module
 */

import type { LabHost } from "../../../../lab/lab.ts";

/** Makes the pool, empty, and mounts it where the record of root lies. */
export async function makeRecordDisk(host: LabHost): Promise<void> {
  await removeRecordDisk(host);
  const properties = ["-O", "mountpoint=/var/lib/bzman"];
  await host.makePool("record", { disk: "file", sizeMiB: 96, properties });
  await host.sh("chmod 700 /var/lib/bzman && zfs create -u -o mountpoint=none record/filling");
}

/** Takes it away, with the record. */
export async function removeRecordDisk(host: LabHost): Promise<void> {
  // What was killed a moment ago may still hold a file in it.
  await host.sh(`n=0; while zpool list record >/dev/null 2>&1 && ! zpool destroy -f record; do
      n=$((n + 1)); [ $n -lt 20 ] || exit 1; sleep 0.5
    done; rm -rf /var/lib/bzman`);
}

/** Leaves no room for the record. */
export async function fillRecordDisk(host: LabHost): Promise<void> {
  await host.sh("zfs set reservation=$(zfs get -H -p -o value available record) record/filling");
}

/** Makes room again. */
export async function emptyRecordDisk(host: LabHost): Promise<void> {
  await host.sh("zfs set reservation=none record/filling");
}
