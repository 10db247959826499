/**
 * What a run tells while it goes: the log, the terminal's progress and the record are made from these.
 *
 * @module
 */

import type { SendProgress } from "../../zfs/parsers/send_progress.ts";
import type { Step, StreamStep } from "../plan/step.ts";
import type { PhaseName } from "../record.ts";

/** One thing that happened. */
export type RunEvent =
  | { readonly kind: "phase-begin"; readonly phase: PhaseName }
  | { readonly kind: "phase-end"; readonly phase: PhaseName; readonly elapsedMs: number }
  | { readonly kind: "step-begin"; readonly step: Step; readonly number: number; readonly of: number }
  | {
    readonly kind: "progress";
    readonly step: StreamStep;
    readonly progress: SendProgress;
    readonly elapsedMs: number;
  }
  | {
    readonly kind: "step-end";
    readonly step: Step;
    readonly ok: boolean;
    readonly bytes: bigint;
    readonly elapsedMs: number;
  }
  | { readonly kind: "note"; readonly level: "debug" | "info" | "warning" | "error"; readonly text: string };

/** Takes events in. Never throws. */
export type Listener = (event: RunEvent) => void;
