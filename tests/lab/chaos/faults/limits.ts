/**
 * What runs out: processes, files, room.
 *
 * @module
 */

import type { LabHost } from "../../../../lab/lab.ts";
import { quote } from "../../../../lab/lab.ts";
import { type ChaosFault, disturb, runPid } from "../fault.ts";
import { emptyRecordDisk, fillRecordDisk } from "./record_disk.ts";

/**
 * A line of bash that lets no process of the host fork (EAGAIN) for so long. It forks nothing itself. Limits of a user
 * (`ulimit -u`) do not hold for root; that of the kernel does.
 */
function noForks(seconds: number): string {
  const script = `[ -p /run/chaos-fifo ] || mkfifo /run/chaos-fifo
    exec 9<>/run/chaos-fifo; read -r most </proc/sys/kernel/threads-max
    echo 20 >/proc/sys/kernel/threads-max; read -r -t ${seconds} -u 9; echo $most >/proc/sys/kernel/threads-max`;
  return `bash -c ${quote(script)}`;
}

const lengths = [0.1, 0.3, 1, 2];

/** Whatever the runtime makes of it, the next run goes on. It ends by itself where it cannot even start a thread. */
const anyEnd = Array.from({ length: 256 }, (_, code) => code);

async function setQuota(host: LabHost, roomBytes: number): Promise<void> {
  await host.sh(`zfs set quota=$(($(zfs get -H -p -o value used tank) + ${roomBytes})) tank`);
}

/** Processes, open files, the target's quota, the disk of the record. */
export const limitFaults: readonly ChaosFault[] = [
  {
    name: "no process can be started on the source",
    strike: (scene) => disturb(scene, noForks(scene.chance.pick(lengths))),
    exits: anyEnd,
    untold: true,
  },
  {
    name: "no process can be started on the target",
    strike: (scene) => {
      const script = noForks(scene.chance.pick(lengths));
      return disturb(scene, ":", async () => {
        await scene.lab.target.sh(script);
      });
    },
  },
  {
    name: "bzman can open no more files",
    strike: (scene) =>
      disturb(scene, `prlimit --pid $(cat ${runPid}) --nofile=${scene.chance.pick([12, 16, 24, 32])} || true`),
    exits: anyEnd,
    untold: true,
  },
  {
    name: "the target is at its quota",
    strike: async (scene) => {
      const { target } = scene.lab;
      const limit = () => setQuota(target, scene.chance.pick([0, 300_000]));
      const before = scene.chance.below(3) === 0;
      try {
        if (before) await limit();
        return await disturb(scene, ":", before ? undefined : limit);
      } finally {
        await target.sh("zfs set quota=none tank");
      }
    },
  },
  {
    name: "the disk of the record is full",
    strike: async (scene) => {
      const { source } = scene.lab;
      await fillRecordDisk(source);
      try {
        return await disturb(scene, ":");
      } finally {
        await emptyRecordDisk(source);
      }
    },
    exits: [0, 1],
    untold: true,
  },
];
