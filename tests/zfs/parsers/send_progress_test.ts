import assert from "node:assert/strict";
import { parseProgressLine, ProgressMeter } from "../../../src/zfs/parsers/send_progress.ts";

const lines: Readonly<Record<string, ReturnType<typeof parseProgressLine>>> = {
  "full\ttank/a@1\t12345": { kind: "stream", to: "tank/a@1", sizeBytes: 12345n },
  "full\ttank/a b@1": { kind: "stream", to: "tank/a b@1", sizeBytes: undefined },
  "incremental\t1\ttank/a@2\t624": { kind: "stream", to: "tank/a@2", sizeBytes: 624n },
  "incremental\ttank/a@1\ttank/a@2\t624": { kind: "stream", to: "tank/a@2", sizeBytes: 624n },
  "incremental\ttank/a#1\ttank/a@2": { kind: "stream", to: "tank/a@2", sizeBytes: undefined },
  "incremental\t1\ttank/a@2\t18446744073709550000": { kind: "stream", to: "tank/a@2", sizeBytes: undefined },
  "size\t1056104": { kind: "total", sizeBytes: 1056104n },
  "03:04:05\t9007199254740993\ttank/a@2": { kind: "sent", bytes: 9007199254740993n, snapshot: "tank/a@2" },
  "": undefined,
  "warning: cannot send 'tank/a@1': dataset key must be loaded": undefined,
  "size\tlarge": undefined,
  "3:4:5\t1\ttank/a@2": undefined,
  "full\ttank/a@1\t12345\tmore": undefined,
};

Deno.test("lines of progress", async (test) => {
  for (const [line, progress] of Object.entries(lines)) {
    await test.step(JSON.stringify(line), () => assert.deepEqual(parseProgressLine(line), progress));
  }
});

/** A meter that took lines in. */
function meter(...taken: string[]): ProgressMeter {
  const made = new ProgressMeter();
  for (const line of taken) made.take(line);
  return made;
}

const header = [
  "full\ttank@1\t100",
  "incremental\t1\ttank@2\t20",
  "full\ttank/a@1\t300",
  "incremental\t1\ttank/a@2\t40",
  "size\t460",
];

Deno.test("several snapshots add up, also those that took no second", async (test) => {
  await test.step("before anything moved", () => {
    assert.deepEqual(meter(...header).state, { snapshot: undefined, doneBytes: 0n, totalBytes: 460n });
  });
  await test.step("within the first", () => {
    assert.deepEqual(meter(...header, "00:00:01\t70\ttank@1").state, {
      snapshot: "tank@1",
      doneBytes: 70n,
      totalBytes: 460n,
    });
  });
  await test.step("each counts from 0", () => {
    assert.equal(meter(...header, "00:00:01\t70\ttank@1", "00:00:02\t5\ttank@2").state.doneBytes, 105n);
  });
  await test.step("a silent one counts with its estimate", () => {
    assert.equal(meter(...header, "00:00:01\t70\ttank@1", "00:00:03\t250\ttank/a@1").state.doneBytes, 370n);
  });
  await test.step("never backwards", () => {
    const at = meter(...header);
    let last = 0n;
    for (
      const line of ["00:00:01\t90\ttank@1", "00:00:02\t1\ttank@2", "00:00:03\t1\ttank/a@1", "00:00:04\t1\ttank/a@2"]
    ) {
      at.take(line);
      assert.equal(at.state.doneBytes >= last, true, line);
      last = at.state.doneBytes;
    }
  });
  assert.equal(meter(...header).snapshots, 4);
});

Deno.test("the end: the larger of what was estimated and what was seen", async (test) => {
  await test.step("too quick to be told", () => assert.equal(meter(...header).finalBytes, 460n));
  await test.step("more than estimated", () =>
    assert.equal(meter("full\tt@1\t10", "size\t10", "00:00:01\t99\tt@1").finalBytes, 99n));
  await test.step("no estimate", () => assert.equal(meter("full\tt@1", "00:00:01\t99\tt@1").finalBytes, 99n));
  await test.step("nothing at all", () => assert.equal(meter().finalBytes, 0n));
});

Deno.test("what belongs to which dataset", async (test) => {
  const [tank, a] = [{ bytes: 120n, snapshots: 2 }, { bytes: 340n, snapshots: 2 }];
  await test.step("all of it", () => {
    assert.deepEqual(meter(...header).shares(true), new Map([["tank", tank], ["tank/a", a]]));
  });
  await test.step("what was sent before it was cut", () => {
    const cut = meter(...header, "00:00:01\t30\ttank/a@2").shares(false);
    assert.deepEqual(cut, new Map([["tank", tank], ["tank/a", { bytes: 300n, snapshots: 1 }]]));
  });
  await test.step("nothing, when nothing moved", () => assert.deepEqual(meter(...header).shares(false), new Map()));
});

Deno.test("the rest of a cut stream: its name may be an older one", () => {
  const rest = meter("incremental\ttank/old@1\ttank/old@2\t50", "size\t50", "00:00:01\t30\ttank/new@2");
  assert.deepEqual(rest.state, { snapshot: "tank/new@2", doneBytes: 30n, totalBytes: 50n });
});

Deno.test("absurd estimates are no estimates", () => {
  const absurd = meter("incremental\tt#b\tt@2\t18446744073709551000", "size\t18446744073709551000", "00:00:01\t7\tt@2");
  assert.deepEqual(absurd.state, { snapshot: "t@2", doneBytes: 7n, totalBytes: undefined });
  assert.equal(absurd.finalBytes, 7n);
});

Deno.test("other lines are left to others", () => {
  const made = new ProgressMeter();
  assert.equal(made.take("size\t1"), true);
  assert.equal(made.take("cannot send 'tank@1': I/O error"), false);
});

Deno.test("a hundred thousand snapshots are counted in no time", () => {
  const made = new ProgressMeter();
  const count = 100_000;
  for (let i = 0; i < count; i++) made.take(`incremental\t${i}\ttank@${i}\t1`);
  const begin = performance.now();
  for (let i = 0; i < count; i += 50) {
    made.take(`00:00:01\t1\ttank@${i}`);
    assert.equal(made.state.doneBytes, BigInt(i) + 1n);
  }
  assert.equal(performance.now() - begin < 5_000, true);
});
