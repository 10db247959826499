/**
 * A context that keeps what is printed, for tests.
 *
 * @module
 */

import type { Context, Output } from "../../src/session/context.ts";

/** An output that keeps its text. */
export interface KeptOutput extends Output {
  readonly text: string;
}

function keptOutput(columns: number | undefined): KeptOutput {
  let text = "";
  return {
    isTerminal: columns !== undefined,
    colors: false,
    columns,
    closed: false,
    get used() {
      return text !== "";
    },
    get text() {
      return text;
    },
    write(more) {
      text += more;
    },
  };
}

/** A context and what was printed through it. */
export interface FakeContext extends Context {
  readonly stdout: KeptOutput;
  readonly stderr: KeptOutput;
}

/** Makes a context. */
export function fakeContext(
  variables: Readonly<Record<string, string>> = {},
  signal: AbortSignal = new AbortController().signal,
): FakeContext {
  return {
    stdout: keptOutput(undefined),
    stderr: keptOutput(undefined),
    env: (name) => variables[name],
    signal,
    clock: () => 0,
    hostname: "here",
    pid: 1,
    lockFolders: [],
  };
}
