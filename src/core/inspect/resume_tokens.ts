/**
 * The resume tokens of a target, decoded by its source.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import { classifyError } from "../../zfs/parsers/error_classes.ts";
import { decodeToken, type ResumeToken } from "../../zfs/parsers/resume_token.ts";
import { exitStatus, Fault } from "../fault.ts";
import type { Host } from "../ports.ts";
import { firstLines, outcomeFault } from "./query.ts";

/** A resume token, decoded, or why it could not be. */
export type TokenState =
  | { readonly kind: "valid"; readonly token: ResumeToken }
  | { readonly kind: "invalid"; readonly why: string };

/** Decodes every resume token of the target on the source, which can tell whether its snapshots still exist. */
export async function decodeTokens(
  source: Host,
  target: readonly Dataset[],
  signal: AbortSignal,
): Promise<Map<string, TokenState>> {
  const states = new Map<string, TokenState>();
  const cut = target.filter((dataset) => dataset.resumeToken !== undefined);
  const commands = cut.flatMap((dataset) => {
    try {
      return [{ dataset, command: decodeToken(dataset.resumeToken ?? "") }];
    } catch {
      states.set(dataset.name, { kind: "invalid", why: "it is not of the form ZFS gives" });
      return [];
    }
  });
  if (commands.length === 0) return states;
  const outcomes = await source.runAll(commands.map(({ command }) => command.argv), { signal });
  for (const [i, { dataset, command }] of commands.entries()) {
    const outcome = outcomes[i];
    // Only a token that ZFS itself declares unusable is ever given up: what it stands for may be gigabytes.
    const unusable = outcome !== undefined && classifyError(outcome.stderr)?.name === "resume-token-invalid";
    if (outcome === undefined || outcome.connection || outcome.stopped || (outcome.status !== 0 && !unusable)) {
      throw new Fault(
        outcome
          ? outcomeFault(source, command.argv, outcome, "cannot decode a resume token")
          : { errorClass: "command-failed", what: "cannot decode a resume token", exit: exitStatus.failed },
      );
    }
    try {
      if (outcome.status !== 0) throw new SyntaxError(firstLines(outcome.stderr));
      states.set(dataset.name, { kind: "valid", token: command.parse(outcome.stdout + outcome.stderr) });
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      states.set(dataset.name, { kind: "invalid", why: error.message });
    }
  }
  return states;
}
