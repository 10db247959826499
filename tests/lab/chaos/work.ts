/**
 * What the users of the source do between two runs.
 *
 * @module
 */

import { awaitDevice, type LabHost, quote } from "../../../lab/lab.ts";
import type { Chance } from "./random.ts";

/** The datasets and the users' own snapshots of the source, as the campaign knows them. */
export interface Users {
  /** Filesystems below the pool, which may come and go. */
  filesystems: string[];
  /** Snapshots that users made and want to keep, by GUID. */
  readonly kept: Map<string, string>;
  /** A number for names that were never used before. */
  count: number;
}

/** A small tree: three filesystems, a child, a volume. */
export async function makeTree(host: LabHost): Promise<Users> {
  await host.sh(`zfs create tank/one && zfs create tank/two && zfs create tank/one/child && zfs create -V 4M tank/volume
    ${awaitDevice("tank/volume")}
    dd if=/dev/urandom of=/tank/one/first bs=1M count=1 status=none`);
  return { filesystems: ["tank/one", "tank/two", "tank/one/child"], kept: new Map(), count: 0 };
}

/** Two megabytes of news, so that there is a stream to disturb; answers what it was. */
export async function writeOnce(host: LabHost, users: Users, chance: Chance): Promise<string> {
  const dataset = chance.pick(users.filesystems);
  await host.sh(`dd if=/dev/urandom of=/${dataset}/f${++users.count} bs=256k count=8 status=none`);
  return `wrote 2 MiB into ${dataset}`;
}

/** One thing that users do; answers what it was. */
export async function workOnce(host: LabHost, users: Users, chance: Chance): Promise<string> {
  const number = ++users.count;
  const dataset = chance.pick(users.filesystems);
  const name = quote(dataset);
  switch (
    chance.pick(["write", "snapshot", "create", "rename", "clone", "volume", "destroy"] as const)
  ) {
    case "write":
      return await writeOnce(host, users, chance);
    case "snapshot": {
      await host.sh(`zfs snapshot ${name}@mine${number}`);
      const { stdout } = await host.sh(`zfs get -H -p -o value guid ${name}@mine${number}`);
      users.kept.set(stdout.trim(), `${dataset}@mine${number}`);
      return `took ${dataset}@mine${number}`;
    }
    case "create":
      await host.sh(`zfs create ${name}/n${number} && echo ${number} >/${dataset}/n${number}/file`);
      users.filesystems.push(`${dataset}/n${number}`);
      return `created ${dataset}/n${number}`;
    case "rename": {
      const leaf = chance.pick(leaves(users));
      const renamed = `${leaf.slice(0, leaf.lastIndexOf("/"))}/r${number}`;
      await host.sh(`zfs rename ${quote(leaf)} ${quote(renamed)}`);
      users.filesystems = users.filesystems.map((other) => other === leaf ? renamed : other);
      return `renamed ${leaf} to ${renamed}`;
    }
    case "clone":
      await host.sh(`zfs snapshot ${name}@origin${number} && zfs clone ${name}@origin${number} tank/c${number}`);
      return `cloned ${dataset} as tank/c${number}`;
    case "volume":
      await host.sh("dd if=/dev/urandom of=/dev/zvol/tank/volume bs=256k count=4 status=none");
      return "wrote 1 MiB into tank/volume";
    case "destroy": {
      if (users.filesystems.length < 4) return "rested";
      const leaf = chance.pick(leaves(users));
      const gone = await host.guids(leaf);
      const { code } = await host.sh(`zfs destroy -r ${quote(leaf)}`, { check: false });
      if (code !== 0) return `could not destroy ${leaf}`;
      users.filesystems = users.filesystems.filter((other) => other !== leaf);
      for (const guid of gone.values()) users.kept.delete(guid);
      return `destroyed ${leaf}`;
    }
  }
}

function leaves(users: Users): string[] {
  return users.filesystems.filter((one) => !users.filesystems.some((other) => other.startsWith(`${one}/`)));
}
