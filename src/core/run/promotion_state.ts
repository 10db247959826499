/**
 * Keeps account of a run's promotions: which were made, and which could not be.
 *
 * @module
 */

import type { DatasetName } from "../../zfs/names/names.ts";
import type { FaultParts } from "../fault.ts";
import type { PromoteStep } from "../plan/step.ts";

/** A clone that could not be promoted. */
interface LeftClone {
  readonly fault: FaultParts;
  /** How often that was tried. */
  readonly tries: number;
  /** The name of its account. */
  readonly place: DatasetName;
}

/** The promotions of a run; clones by their names before the plan's renames. */
export class PromotionState {
  readonly #left = new Map<DatasetName, LeftClone>();
  readonly #made = new Set<DatasetName>();

  /** Clones that could not be promoted. */
  get left(): readonly LeftClone[] {
    return [...this.#left.values()];
  }

  /** Names of clones that this run does not try to promote any more. */
  get givenUp(): ReadonlySet<DatasetName> {
    const isGivenUp = ({ fault, tries }: LeftClone): boolean => fault.temporary !== true || tries > 1;
    return new Set([...this.#left].filter(([, left]) => isGivenUp(left)).map(([name]) => name));
  }

  /**
   * Notes that a clone could not be promoted.
   *
   * @param place Its name after the plan's renames.
   */
  failed(clone: DatasetName, place: DatasetName, fault: FaultParts): void {
    this.#left.set(clone, { fault, tries: (this.#left.get(clone)?.tries ?? 0) + 1, place });
  }

  /** Notes that a clone was promoted: what was listed of the two is under other names now. */
  made({ target, from }: PromoteStep): void {
    this.#left.delete(target);
    for (const name of [target, from]) this.#made.add(name);
  }

  /** Whether a dataset of the target gave snapshots away, or got them, by a promotion of this run. */
  hasPart(target: DatasetName): boolean {
    return this.#made.has(target);
  }
}
