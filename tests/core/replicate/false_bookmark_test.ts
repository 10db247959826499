// A bookmark that somebody made by hand under the very name that bzman's own needs.

import { deepStrictEqual, equal, ok } from "node:assert/strict";
import { Machine } from "../model/machine.ts";
import { replicateOnModel } from "../model/replication.ts";

for (const datasets of [["tank/a"], ["tank/a", "tank/a/b"]]) {
  Deno.test(`a bookmark of the wanted name with another GUID is replaced, in a tree of ${datasets.length}`, async () => {
    const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
    for (const name of datasets) source.create(name);
    const run = { source, target, tops: ["tank/a", "back/a"], atMs: Date.UTC(2026, 10, 22, 3) } as const;
    await replicateOnModel(run);
    const { bookmarks: [own], snapshots: [first] } = source.get("tank/a");
    const prefix = /^(bzman-[0-9a-f]+-)/.exec(own?.name ?? "")?.[1];
    ok(prefix !== undefined && first !== undefined);

    for (const name of datasets) {
      source.write(name);
      source.snapshot([name], "mine");
      const mine = source.get(name).snapshots.at(-1)!;
      source.bookmark(`${name}@${first.name}`, `${prefix}${BigInt(mine.guid).toString(36)}`);
    }
    await replicateOnModel({ ...run, atMs: run.atMs + 1_000_000, input: { snapshot: false } });
    for (const name of datasets) {
      const { bookmarks, snapshots } = source.get(name);
      const mine = snapshots.at(-1)!;
      deepStrictEqual(bookmarks.map(({ guid }) => guid), [mine.guid], name);
      equal(bookmarks[0]?.name, `${prefix}${BigInt(mine.guid).toString(36)}`);
    }
  });
}
