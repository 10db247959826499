/**
 * The report as JSON: byte counts as numbers where they are safe, moments as ISO 8601 in UTC.
 *
 * @module
 */

import type { Report } from "../../core/report/report.ts";
import { bytesJson, type Json } from "../text/json.ts";

/** The names of properties that hold a moment. */
const moments = /^(?:at|now|since|day)$|[a-z]At$/;

export function reportJson(report: Report): Json {
  return toJson(report, "");
}

function toJson(value: unknown, name: string): Json {
  if (typeof value === "bigint") return bytesJson(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return null;
    return moments.test(name) ? new Date(value).toISOString() : value;
  }
  if (Array.isArray(value)) return value.map((entry) => toJson(entry, ""));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toJson(entry, key)]));
  }
  return value as Json;
}
