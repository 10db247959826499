/**
 * What a plan is made from: both trees as they were listed, and what the user chose.
 *
 * @module
 */

import type { Dataset } from "../../zfs/names/dataset.ts";
import type { DatasetName, Guid } from "../../zfs/names/names.ts";
import type { Snapshot } from "../../zfs/names/version.ts";
import type { BareDataset } from "../../zfs/parsers/list.ts";
import type { TokenState } from "../inspect/resume_tokens.ts";

/** What the user chose. */
export interface Policy {
  readonly raw: "auto" | "always" | "never";
  readonly onDivergence: "refuse" | "rollback" | "keep-both";
  readonly onForeign: "refuse" | "keep-both";
  /** False for a user who may not hold snapshots: then `-I` is refused, and single steps serve. */
  readonly holds: boolean;
  /** For the names of datasets set aside, milliseconds since 1970. */
  readonly nowMs: number;
}

/** What is known of one dataset. */
export interface DatasetFacts {
  readonly source: Dataset;
  /** Of a source without snapshots: the first dataset below it that has some. */
  readonly sourceBelow?: DatasetName | undefined;
  readonly targetName: DatasetName;
  /** `undefined`: it is not there. */
  readonly target: Dataset | undefined;
  /** Whether the target is proven to hold nothing: no snapshots, no children, no files. */
  readonly targetIsEmpty: boolean;
  /** Whether datasets lie below it on the target. */
  readonly targetHasChildren?: boolean;
  /** Whether what was written to the target is proven to be nothing that anybody did. */
  readonly targetWritesIgnorable?: boolean;
  /** Encryption of what will be its parent on the target: `undefined` for none or not encrypted. */
  readonly targetParentKey: { readonly dataset: string; readonly available: boolean } | undefined;
  readonly token: TokenState | undefined;
  /** The origin's snapshot on the source, when the target has, or will have, a copy of it. */
  readonly origin: Snapshot | undefined;
}

/** All that a plan depends on. */
export interface PlanInput extends Policy {
  readonly sourceTop: DatasetName;
  readonly targetTop: DatasetName;
  /** The source's tree, without the datasets that stay out. */
  readonly source: readonly Dataset[];
  /** Datasets of the source's tree that stay out: the user excluded them, or they are `replicas`. */
  readonly excluded: readonly Dataset[];
  /** Datasets that stay out though nobody excluded them, each with the replica that it is or lies in. */
  readonly replicas?: ReadonlyMap<DatasetName, DatasetName>;
  /** The target's tree; empty when its top is not there. */
  readonly target: readonly Dataset[];
  /** Those of the target top's ancestors that exist, any order. */
  readonly targetAncestors: readonly BareDataset[];
  /** Datasets on the target that are proven to hold nothing. */
  readonly targetEmpty: ReadonlySet<string>;
  /** Datasets on the target that were written to, but in which nobody changed anything; see `harmless.ts`. */
  readonly targetIgnorableWrites?: ReadonlySet<string>;
  /** Decoded resume tokens, by dataset on the target. */
  readonly tokens: ReadonlyMap<string, TokenState>;
  /** Whether `zfs send -X` is there (OpenZFS 2.2 and later). */
  readonly canExclude: boolean;
  /** Whether uniform subtrees may travel in one stream. */
  readonly packages: boolean;
  /** GUIDs of snapshots of others that the source was once seen to have: copies of these are nobody's own on the target. */
  readonly seen?: ReadonlySet<Guid>;
  /** Clones on the target, by name, that this run could not promote. */
  readonly leftClones?: ReadonlySet<string>;
}
