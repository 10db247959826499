/**
 * What `verify` found, as JSON.
 *
 * @module
 */

import type { DatasetComparison } from "../../core/verify/compare_trees.ts";
import type { VersionComparison } from "../../core/verify/compare_versions.ts";
import type { ContentResult } from "../../core/verify/content.ts";
import type { Version } from "../../zfs/names/version.ts";
import type { Json } from "../text/json.ts";
import type { VerifyRow } from "./verify_table.ts";

/** A dataset and its copy; `null` for what does not apply. Snapshots go by the part behind `@`. */
export function verifyRowJson({ comparison, verdict, content }: VerifyRow): Json {
  const { source, targetName, state } = comparison;
  return {
    dataset: source.name,
    target: targetName,
    type: source.type,
    verdict,
    copy: state.kind,
    at: state.kind === "renamed" ? state.at : null,
    versions: state.kind === "there" ? versionsJson(state.versions, state) : null,
    content: content === undefined ? null : contentJson(content),
  };
}

function versionsJson(
  versions: VersionComparison,
  state: Extract<DatasetComparison["state"], { kind: "there" }>,
): Json {
  const names = (snapshots: readonly Version[]): Json => snapshots.map(({ name }) => name);
  const { common } = versions;
  return {
    newestInCommon: common === undefined
      ? null
      : { name: common.target.name, guid: common.target.guid, onSource: common.source.kind },
    inCommon: versions.inCommon,
    notCopiedYet: names(versions.behind),
    destroyedOnTarget: names(versions.destroyed),
    missing: names(versions.gaps),
    keptShorter: names(versions.thinned),
    keptLonger: names(versions.kept),
    onlyOnTarget: names(versions.own),
    sameNameOtherGuid: names(versions.clashes),
    writtenBytes: state.writtenBytes.toString(),
  };
}

function contentJson(content: ContentResult): Json {
  switch (content.kind) {
    case "same":
      return { result: "same", unit: content.unit, checked: content.checked, of: content.of };
    case "differs":
      return { result: "differs", text: content.text, files: content.names };
    case "no-key":
      return { result: "no-key", keys: content.keys.map(({ host, dataset }) => ({ host, dataset })) };
    case "damaged":
    case "failed":
      return { result: content.kind, host: content.host, why: content.why };
    case "nothing-common":
      return { result: "nothing-common" };
  }
}
