import { equal } from "node:assert/strict";
import { systemOutput } from "../../src/cli/system_output.ts";

const nothing = (): undefined => undefined;

Deno.test("output: short writes go on, a full pipe is waited for", () => {
  const written: number[] = [];
  let calls = 0;
  const output = systemOutput(
    {
      isTerminal: () => false,
      writeSync(bytes) {
        if (++calls % 2 === 0) throw new Deno.errors.WouldBlock("full");
        written.push(...bytes.subarray(0, 2));
        return Math.min(2, bytes.length);
      },
    },
    nothing,
    nothing,
  );
  output.write("grün\n");
  equal(new TextDecoder().decode(new Uint8Array(written)), "grün\n");
  equal(output.used, true);
});

Deno.test("output: a reader that went away is no trouble, a full disk is", () => {
  const failing = (error: Error) =>
    systemOutput(
      {
        isTerminal: () => false,
        writeSync() {
          throw error;
        },
      },
      nothing,
      nothing,
    );
  const pipe = failing(new Deno.errors.BrokenPipe("gone"));
  pipe.write("a");
  equal(pipe.closed, true);
  equal(pipe.error, undefined);
  const disk = failing(new Error("No space left on device"));
  disk.write("a");
  disk.write("b");
  equal(disk.closed, true);
  equal(disk.error?.message, "No space left on device");
});

Deno.test("output: colours and width only where they belong", () => {
  const make = (terminal: boolean, variables: Readonly<Record<string, string>>) =>
    systemOutput({ isTerminal: () => terminal, writeSync: () => 0 }, (name) => variables[name], () => 70);
  equal(make(true, {}).colors, true);
  equal(make(true, { NO_COLOR: "1" }).colors, false);
  equal(make(true, { NO_COLOR: "" }).colors, true);
  equal(make(true, { TERM: "dumb" }).colors, false);
  equal(make(false, {}).colors, false);
  equal(make(false, { FORCE_COLOR: "1" }).colors, true);
  equal(make(false, { FORCE_COLOR: "0" }).colors, false);
  equal(make(true, {}).columns, 70);
  equal(make(false, {}).columns, undefined);
});
