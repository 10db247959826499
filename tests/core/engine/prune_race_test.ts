import assert from "node:assert/strict";
import { Machine } from "../model/machine.ts";
import { type Between, runBetween, usualInput } from "../model/ports.ts";

const old = "tank/a@incremental-2026-11-22T03:00:00Z";

for (const user of ["root", "a user with allowances"]) {
  Deno.test(`a snapshot that another job destroyed at the same time is no failure, as ${user}`, async () => {
    let raced = 0;
    const between: Between = {
      source: new Machine(1, "tank"),
      target: new Machine(2, "back"),
      now: Date.UTC(2026, 10, 22, 3),
      before: (side, argv) => {
        if (argv[0] === "id" && argv[1] === "-u" && user !== "root") return { status: 0, stdout: "1000\n" };
        if (argv[1] === "allow") return { stderr: "not told" };
        const destroys = argv[1] === "destroy" || argv[1] === "program";
        if (side !== "source" || !destroys || !argv.includes(old)) return undefined;
        raced++;
        between.source.destroySnapshot(old);
        return undefined;
      },
    };
    between.source.create("tank/a");
    const input = usualInput("tank/a", "back/a");
    await runBetween(between, input);
    between.source.write("tank/a");
    between.now += 1_000_000;
    const { faults, pruned } = await runBetween(between, { ...input, keep: { kind: "none" } });
    assert.equal(raced, 1);
    assert.deepEqual(faults, []);
    assert.deepEqual(pruned?.source.destroyed.map(({ dataset, name }) => `${dataset}@${name}`), [old]);
  });
}
