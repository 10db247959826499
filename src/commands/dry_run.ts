/**
 * `bzman replicate --dry-run`: prints the very plan that a run would carry out, with sizes, and touches nothing.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { Fault } from "../core/fault.ts";
import { pendingNames } from "../core/plan/pending_snapshot.ts";
import { isStream, type Step } from "../core/plan/step.ts";
import { estimateStep } from "../core/replicate/estimate.ts";
import { plannedSnapshot } from "../core/replicate/make_snapshot.ts";
import { prepare } from "../core/replicate/prepare.ts";
import { refuseIfNeeded } from "../core/replicate/replicate.ts";
import { Phases } from "../core/run/phases.ts";
import { planJson } from "../render/replicate/plan_json.ts";
import { stepText } from "../render/replicate/step_text.ts";
import { bytesText } from "../render/text/bytes.ts";
import { jsonLine } from "../render/text/json_line.ts";
import { terminalText } from "../render/text/terminal_text.ts";
import type { Context } from "../session/context.ts";
import { openSession } from "../session/open_session.ts";
import { makeProgressReporter } from "../session/progress_reporter.ts";
import { engineInput, enginePorts } from "../session/replication_ports.ts";

/** Prints the plan. */
export async function dryRun(
  settings: ReplicateSettings,
  common: CommonSettings,
  context: Context,
): Promise<number> {
  const { listener } = makeProgressReporter({ ...common, quiet: true }, context);
  await using session = await openSession(common, context, { record: "none", syslog: false });
  const ports = enginePorts(settings, common, session, context, listener);
  const input = engineInput(settings);
  const phases = new Phases(ports.monotonic, listener);
  // A dry run waits for nobody: it takes no lock.
  const prepared = await prepare(input, ports, phases, plannedSnapshot(input, ports), async () => {});
  const sources = new Map(prepared.planInput.source.map((dataset) => [dataset.name as string, dataset]));
  const snapshot = input.snapshot ? pendingNames(sources.get(input.sourceTop)).name : undefined;
  const sized: { step: Step; bytes: bigint | undefined }[] = [];
  for (const step of prepared.plan.steps) {
    const bytes = isStream(step) ? await estimateStep(ports.source, step, sources, context.signal) : undefined;
    sized.push({ step, bytes });
  }
  let refusal: Fault | undefined;
  try {
    refuseIfNeeded(prepared, input);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    refusal = error;
  }
  if (common.json) {
    context.stdout.write(jsonLine(planJson(prepared.plan, sized, snapshot, prepared.findings)));
  } else {
    const line = (text: string): void => context.stdout.write(`${terminalText(text)}\n`);
    if (snapshot !== undefined) line(`would snapshot ${settings.source.dataset}@${snapshot}`);
    for (const { step, bytes } of sized) {
      line(`would ${stepText(step)}${bytes === undefined ? "" : `: about ${bytesText(bytes)}`}`);
    }
    if (sized.length === 0) line("would send nothing: the target is up to date");
    const needed = new Map(prepared.plan.neededOrphans.map(({ orphan, clones }) => [orphan, clones.join(", ")]));
    for (const orphan of prepared.plan.orphans) {
      const by = needed.get(orphan);
      const why = by === undefined ? "" : `, and of which a copy is a clone: ${by}`;
      line(`would keep ${orphan}, which the source does not have${why}`);
    }
    for (const finding of prepared.findings) {
      if (finding.verdict !== "ok") line(`${finding.verdict}: ${finding.where}: ${finding.text}`);
    }
  }
  if (refusal !== undefined) throw refusal;
  return 0;
}
