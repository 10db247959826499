import assert from "node:assert/strict";
import { Machine } from "../model/machine.ts";
import { replicateOnModel } from "../model/replication.ts";

const old = "tank/a@incremental-2026-11-22T03:00:00Z";

for (const user of ["root", "a user with allowances"]) {
  Deno.test(`a snapshot that another job destroyed at the same time is no failure, as ${user}`, async () => {
    let raced = 0;
    const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
    source.create("tank/a");
    const run = { source, target, tops: ["tank/a", "back/a"], atMs: Date.UTC(2026, 10, 22, 3) } as const;
    await replicateOnModel(run);
    source.write("tank/a");
    const answer = (side: string, argv: readonly string[]) => {
      if (argv[0] === "id" && argv[1] === "-u" && user !== "root") return { stdout: "1000\n" };
      if (argv[1] === "allow") return { status: 1, stderr: "not told" };
      if (side === "source" && (argv[1] === "destroy" || argv[1] === "program") && argv.includes(old)) {
        raced++;
        source.destroySnapshot(old);
      }
      return undefined;
    };
    const { faults, pruned } = await replicateOnModel({
      ...run,
      atMs: run.atMs + 1_000_000,
      input: { keep: { kind: "none" } },
      happenings: { answer },
    });
    assert.equal(raced, 1);
    assert.deepEqual(faults, []);
    assert.deepEqual(pruned?.source.destroyed.map(({ dataset, name }) => `${dataset}@${name}`), [old]);
  });
}
