// The promise of docs/errors.md: five minutes after the last progress nothing is tried any more, whatever takes its time.

import assert from "node:assert/strict";
import type { Replicated } from "../../../src/core/replicate/replicate.ts";
import type { Outcome } from "../../../src/core/ports.ts";
import { Machine } from "../model/machine.ts";
import { type Happenings, linkDown, replicateOnModel } from "../model/replication.ts";

const atMs = Date.UTC(2026, 10, 22);
const minute = 60_000;
/** A command that finds no time left is ended at once, not before it began. */
const inTime = 5 * minute + 10;

function pair(): { readonly source: Machine; readonly target: Machine } {
  const [source, target] = [new Machine(1, "tank"), new Machine(2, "back")];
  source.write("tank");
  for (const name of ["tank/a", "tank/b"]) {
    source.create(name);
    source.write(name);
  }
  return { source, target };
}

function replicate(retries: number, happenings: Happenings) {
  return replicateOnModel({ ...pair(), tops: ["tank", "back/t"], atMs, input: { retries }, happenings });
}

function faults({ state }: Replicated): string[] {
  return state.datasets.map(({ target, fault }) => `${target} ${fault?.errorClass}`).sort();
}

const allUnreachable = ["back/t", "back/t/a", "back/t/b"].map((name) => `${name} ssh-unreachable`);

Deno.test("a listing that hangs while a lost link is retried is ended with the five minutes, and the cause stays the link", async () => {
  for (const hanging of ["source", "target"]) {
    let isDown = false;
    const run = await replicate(3, {
      fail: () => {
        isDown = true;
        return linkDown;
      },
      takes: (side, argv) => isDown && side === hanging && argv[1] === "list" ? 29 * minute : 0,
    });
    assert.deepEqual(faults(run), allUnreachable, hanging);
    assert.ok(run.tookMs <= inTime, `${hanging}: ${run.tookMs} ms`);
  }
});

Deno.test("slow listings of both sides and slow steps share the five minutes", async () => {
  for (const retries of [3, 20]) {
    let isDown = false;
    const run = await replicate(retries, {
      fail: () => {
        isDown = true;
        return linkDown;
      },
      // The look at the trees; what tidies up afterwards is not part of the retrying.
      takes: (_, argv) => isDown && (argv[1] === "hold" || argv.includes("filesystem,volume")) ? minute : 0,
    });
    assert.deepEqual(faults(run), allUnreachable);
    assert.ok(run.tookMs > minute && run.tookMs <= inTime, `${retries}: ${run.tookMs} ms`);
  }
});

Deno.test("many retries end within the five minutes too, and no pause is waited for in vain", async () => {
  let isDown = false;
  const run = await replicate(20, {
    fail: () => {
      isDown = true;
      return linkDown;
    },
    answer: (side): Partial<Outcome> | undefined =>
      isDown && side === "target" ? { status: 255, connection: linkDown } : undefined,
  });
  assert.deepEqual(faults(run), allUnreachable);
  assert.ok(run.tookMs > 3 * minute && run.tookMs <= inTime, `${run.tookMs} ms`);
});

Deno.test("streams that flow for hours put the end off: each of them is progress", async () => {
  const flows: string[] = [];
  const run = await replicate(2, {
    // The package is cut, and its datasets then go one by one.
    fail: (stream) => stream === 0 ? "cannot receive: failed to read from stream" : undefined,
    flows: () => ({ ms: 60 * minute }),
    after: (stream) => void flows.push(String(stream)),
  });
  assert.deepEqual(faults(run), ["back/t undefined", "back/t/a undefined", "back/t/b undefined"]);
  assert.equal(flows.length, 3);
});
