/**
 * What of a later plan is carried out in the same run.
 *
 * @module
 */

import { type DatasetName, isWithin, parentOf } from "../../zfs/names/names.ts";
import { isStream, type RenameStep, type Step, streamMembers, type StreamStep, type TreePlan } from "./step.ts";

/**
 * The streams of datasets that may be tried again, and the steps without which those cannot go; of a dataset with nothing to
 * send, the renames that bring it to its name. One that has all it needs, or cannot be helped, is neither rolled back, nor
 * renamed, nor set aside, alone or with one above it.
 *
 * @param mayRetry Whether a dataset of the source may be tried again.
 */
export function stepsToRetry(
  { steps, datasets }: Pick<TreePlan, "steps" | "datasets">,
  mayRetry: (dataset: DatasetName) => boolean,
): Step[] {
  const streams = steps.filter(isStream);
  const done = targetsOf(streams.filter((step) => !streamMembers(step).some(({ dataset }) => mayRetry(dataset))));
  /** Tops that would take along, aside, what this run does not send again. */
  const kept = steps.filter(({ kind, target }) => kind === "set-aside" && done.some((place) => isWithin(place, target)))
    .map(({ target }) => target);
  const open = streams.filter((step) =>
    streamMembers(step).some(({ dataset, target }) => mayRetry(dataset) && !kept.some((top) => isWithin(target, top)))
  );
  const targets = targetsOf(open);
  const complete = datasets.filter(({ dataset, plan }) => plan.kind === "up-to-date" && mayRetry(dataset));
  const moving = [...targets, ...complete.map(({ target }) => target)];
  const renames = renamesFor(moving, withParents(steps, open));
  return steps.filter((step) => {
    switch (step.kind) {
      case "full":
      case "incremental":
      case "clone":
      case "resume":
      case "package":
        return open.includes(step);
      case "create-parent":
        return open.length > 0;
      case "rename":
        return renames.has(step);
      case "promote":
        // The receiver of a package would promote as well.
        return open.length > 0 || moving.includes(step.target) || moving.includes(step.from);
      case "discard-partial":
      case "rollback":
      case "set-aside":
        return targets.includes(step.target);
    }
  });
}

/**
 * The renames that bring datasets to these places or clear them, with those that go before, and those that finish what is
 * begun: half a swap is none.
 */
function renamesFor(targets: readonly DatasetName[], renames: readonly RenameStep[]): ReadonlySet<Step> {
  const needed = new Set(
    renames.filter(({ target, as }) => targets.some((place) => isWithin(place, as) || isWithin(place, target))),
  );
  // What is added while the loop runs is visited too.
  for (const { target, as } of needed) {
    for (const other of renames) if (isWithin(target, other.as) || other.target === as) needed.add(other);
  }
  return needed;
}

/** The renames whose new parent is there by then: none goes below a copy that is not sent again. */
function withParents(steps: readonly Step[], open: readonly StreamStep[]): RenameStep[] {
  const awaited = new Set<string>();
  return steps.flatMap((step) => {
    if (isStream(step) && !open.includes(step)) { for (const place of targetsOf([step])) awaited.add(place); }
    return step.kind === "rename" && !awaited.has(parentOf(step.as) ?? "") ? [step] : [];
  });
}

function targetsOf(streams: readonly StreamStep[]): DatasetName[] {
  return streams.flatMap((step) => streamMembers(step).map(({ target }) => target));
}
