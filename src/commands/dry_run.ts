/**
 * `bzman replicate --dry-run`: prints the very plan that a run would carry out, with sizes, and touches nothing.
 *
 * @module
 */

import type { CommonSettings, ReplicateSettings } from "../config/settings.ts";
import { estimateStep } from "../core/engine/estimate.ts";
import { plannedSnapshot } from "../core/engine/make_snapshot.ts";
import { pendingNames } from "../core/engine/pending.ts";
import { Phases } from "../core/engine/phases.ts";
import { prepare } from "../core/engine/prepare.ts";
import { refuseIfNeeded } from "../core/engine/replicate.ts";
import { Fault } from "../core/fault.ts";
import { isStream, type Step } from "../core/plan/step.ts";
import { bytesText } from "../render/bytes.ts";
import { planJson } from "../render/plan_json.ts";
import { stepText } from "../render/step_text.ts";
import { terminalText } from "../render/terminal_text.ts";
import type { Context } from "./context.ts";
import { engineInput, enginePorts } from "./engine_ports.ts";
import { openSession } from "./session.ts";
import { makeTeller } from "./tell_events.ts";
import { jsonLine } from "../render/json_line.ts";

/** Prints the plan. */
export async function dryRun(
  settings: ReplicateSettings,
  common: CommonSettings,
  context: Context,
): Promise<number> {
  const { listener } = makeTeller({ ...common, quiet: true }, context);
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
