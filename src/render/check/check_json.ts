/**
 * What a check found, as JSON.
 *
 * @module
 */

import type { CheckFinding } from "../../core/check.ts";
import type { PoolSample } from "../../core/pool_sample.ts";
import { bytesJson, type Json } from "../text/json.ts";

export function checkFindingsJson(findings: readonly CheckFinding[]): Json {
  return findings.map(({ check, subject, verdict, text, next }) => ({
    check,
    subject,
    verdict,
    text,
    next: next ?? null,
  }));
}

/** A sample of a pool as JSON: byte counts as numbers where they are safe. */
export function sampleJson(sample: PoolSample): Json {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(sample)) {
    if (name === "detail") continue;
    result[name] = typeof value === "bigint"
      ? bytesJson(value)
      : name === "at" || name === "scrubAt"
      ? new Date(Number(value)).toISOString()
      : value as Json;
  }
  return result;
}
