/**
 * Whether and what to mail about a run that has ended.
 *
 * @module
 */

import { type AlertMail, type AlertState, failureSeverity, nextAlert, type Observation } from "./alerts.ts";
import type { FaultParts } from "./fault.ts";
import type { Mail } from "./mail.ts";
import type { RunRecord } from "./record.ts";

/** What a mail about a run is composed from. */
export interface RunNews {
  readonly run: RunRecord;
  readonly reason: AlertMail;
  /** The alert after this run; of the trouble that just ended, for `recovered`. */
  readonly state: AlertState;
  readonly fault?: FaultParts;
  /** Milliseconds since 1970; `undefined`: never. */
  readonly lastSuccessAt?: number;
}

/** What telling needs of the world. */
export interface TellPorts {
  /** Decides about an alert and keeps its mail with the decision. */
  changeAlert(
    key: string,
    decide: (previous: AlertState | undefined) => { state: AlertState | undefined; what: string; mail?: Mail },
  ): { readonly mail: Mail | undefined; readonly kept: boolean };
  /** The latest run of a job that succeeded. */
  lastSuccess(job: string): RunRecord | undefined;
  compose(news: RunNews): Mail;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** A mail that a run asks for. */
export interface Told {
  /** `undefined`: nothing to mail. */
  readonly mail: Mail | undefined;
  /** Whether the outbox has it; else it has to go directly. */
  readonly kept: boolean;
}

/** Tells of a run: an error mails at once or is folded, the first success after trouble mails too. */
export function tellRun(run: RunRecord, ports: TellPorts, fault?: FaultParts): Told {
  const lastSuccess = ports.lastSuccess(run.job);
  const lastSuccessAt = lastSuccess?.endedAt ?? lastSuccess?.startedAt;
  const seen = observe(run, lastSuccessAt, ports.now);
  if (seen === undefined) return { mail: undefined, kept: false };
  return ports.changeAlert(`${run.command} ${run.job}`, (previous) => {
    const { state, mail: reason } = nextAlert(previous, seen, ports.now);
    const what = run.message ?? run.result;
    if (reason === undefined || state === undefined) return { state, what };
    const news = {
      run,
      reason,
      state,
      ...(fault === undefined ? {} : { fault }),
      ...(lastSuccessAt === undefined ? {} : { lastSuccessAt }),
    };
    return { state, what, mail: ports.compose(news) };
  });
}

/** What a run says about its job; `undefined` when it says nothing: it was stopped, or another one is at work. */
function observe(run: RunRecord, lastSuccessAt: number | undefined, now: number): Observation | undefined {
  switch (run.result) {
    case "running":
    case "locked":
    case "interrupted":
      return undefined;
    case "ok":
      return { severity: "ok" };
    case "partial":
    case "failed":
    case "refused":
    case "killed":
      return { severity: failureSeverity(lastSuccessAt, now), errorClass: run.errorClass ?? run.result };
  }
}
