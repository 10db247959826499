/**
 * Turns the signals that ask bzman to stop into an abort, once.
 *
 * @module
 */

import { Interruption, interruptionExits, type InterruptionSignal } from "../commands/interruption.ts";

/** How long a command may take to stop in good order, in milliseconds, before the process ends anyway. */
const lastResortMs = 20_000;

/** Signals that are being listened to. */
export interface Signals extends Disposable {
  /** Aborted by the first signal; its reason is an {@linkcode Interruption}. */
  readonly signal: AbortSignal;
}

/** Begins to listen. */
export function listenToSignals(): Signals {
  const controller = new AbortController();
  let lastResort: ReturnType<typeof setTimeout> | undefined;
  const names = Object.keys(interruptionExits) as InterruptionSignal[];
  const listeners = names.map((name) => {
    const listener = () => {
      if (controller.signal.aborted) return;
      const interruption = new Interruption(name);
      controller.abort(interruption);
      // Only a defect gets here: whatever hangs must not keep an administrator, or a machine going down, waiting.
      lastResort = setTimeout(() => Deno.exit(interruption.exit), lastResortMs);
      Deno.unrefTimer(lastResort);
    };
    Deno.addSignalListener(name, listener);
    return () => Deno.removeSignalListener(name, listener);
  });
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      for (const remove of listeners) remove();
      clearTimeout(lastResort);
    },
  };
}
