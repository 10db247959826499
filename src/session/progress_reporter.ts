/**
 * Tells what a run does while it goes: lines for the log, and on a terminal a live line of progress.
 *
 * @module
 */

import type { CommonSettings } from "../config/settings.ts";
import type { Listener } from "../core/run/events.ts";
import { isStream, type Step } from "../core/plan/step.ts";
import { log } from "../notify/log.ts";
import { bytesText, rateText } from "../render/text/bytes.ts";
import { durationText } from "../render/text/duration.ts";
import { ProgressLine } from "../render/replicate/progress_line.ts";
import { stepText } from "../render/replicate/step_text.ts";
import type { Context } from "./context.ts";

/** The listener, and how to make room for other output. */
export interface ProgressReporter {
  readonly listener: Listener;
  clear(): void;
}

/** Makes a teller for one run. */
export function makeProgressReporter(common: CommonSettings, context: Context): ProgressReporter {
  const live = context.stderr.isTerminal && !common.quiet && !common.json;
  const progress = new ProgressLine({
    write: live ? (text) => context.stderr.write(text) : undefined,
    columns: () => context.stderr.columns ?? 80,
    clock: () => performance.now(),
  });
  const listener: Listener = (event) => {
    switch (event.kind) {
      case "phase-begin":
        log.debug`${event.phase} …`;
        break;
      case "phase-end":
        log.debug`${event.phase}: ${durationText(event.elapsedMs)}`;
        break;
      case "step-begin":
        // Whoever watches a first copy of days after a cut wants to know at once that it is not begun anew.
        log[event.step.kind === "resume" ? "info" : "debug"]`step ${event.number} of ${event.of}: ${
          stepText(event.step)
        }`;
        break;
      case "progress":
        progress.update({
          name: event.progress.snapshot ?? event.step.dataset,
          doneBytes: event.progress.doneBytes,
          totalBytes: event.progress.totalBytes,
        });
        break;
      case "step-end":
        progress.clear();
        if (event.ok) log.info`${doneText(event.step, event.bytes, event.elapsedMs)}`;
        break;
      case "note":
        progress.clear();
        log[event.level]`${event.text}`;
    }
  };
  return { listener, clear: () => progress.clear() };
}

function doneText(step: Step, bytes: bigint, elapsedMs: number): string {
  if (!isStream(step)) return stepText(step);
  return `${stepText(step)}: ${bytesText(bytes)} in ${durationText(elapsedMs)} (${rateText(bytes, elapsedMs)})`;
}
