/**
 * Turns the signals that ask bzman to stop, and errors that nothing caught, into an abort, once.
 *
 * @module
 */

import { UncaughtError } from "../uncaught_error.ts";
import { Interruption, interruptionExits, type InterruptionSignal } from "../interruption.ts";

/** After an error that nothing caught a mail may have to be sent, which takes its time. In milliseconds. */
const lastResortAfterErrorMs = 180_000;

/** How long a command may take to stop in good order, in milliseconds, before the process ends anyway. */
const lastResortMs = 20_000;

/** Signals that are being listened to. */
export interface Signals extends Disposable {
  /** Aborted by the first signal; its reason is an {@linkcode Interruption}, or an {@linkcode UncaughtError}. */
  readonly signal: AbortSignal;
  /** The first error that nothing caught, also one from after a signal. */
  readonly uncaught: UncaughtError | undefined;
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
  let uncaught: UncaughtError | undefined;
  const onUncaught = (event: Event, error: unknown): void => {
    // Without this the process would end here and now: no record, no mail, and stages that go on.
    event.preventDefault();
    uncaught ??= new UncaughtError(error);
    if (controller.signal.aborted) return;
    controller.abort(uncaught);
    lastResort = setTimeout(() => Deno.exit(1), lastResortAfterErrorMs);
    Deno.unrefTimer(lastResort);
  };
  const onError = (event: ErrorEvent): void => onUncaught(event, event.error ?? event.message);
  const onRejection = (event: PromiseRejectionEvent): void => onUncaught(event, event.reason);
  globalThis.addEventListener("error", onError);
  globalThis.addEventListener("unhandledrejection", onRejection);
  return {
    signal: controller.signal,
    get uncaught() {
      return uncaught;
    },
    [Symbol.dispose]() {
      for (const remove of listeners) remove();
      globalThis.removeEventListener("error", onError);
      globalThis.removeEventListener("unhandledrejection", onRejection);
      clearTimeout(lastResort);
    },
  };
}
