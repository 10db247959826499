/**
 * Metrics in the text format of Prometheus, version 0.0.4.
 *
 * @module
 */

/** A family of metrics: one name, one meaning, one kind. */
export interface MetricFamily {
  /** Begins with `bzman_` and ends with its unit, by the rules of Prometheus. */
  readonly name: string;
  readonly help: string;
  readonly type: "gauge" | "counter";
  readonly samples: readonly MetricSample[];
}

/** One value. */
export interface MetricSample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number | bigint;
}

/** The whole text; families without a sample are left out. */
export function metricsText(families: readonly MetricFamily[]): string {
  return families.filter(({ samples }) => samples.length > 0).flatMap(({ name, help, type, samples }) => [
    `# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n`,
    `# TYPE ${name} ${type}\n`,
    ...samples.map(({ labels, value }) => `${name}${labelsText(labels)} ${valueText(value)}\n`),
  ]).join("");
}

function labelsText(labels: MetricSample["labels"]): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${labelValue(value)}"`);
  return pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
}

/** A label may hold any text: only these three are escaped. */
function labelValue(text: string): string {
  return text.toWellFormed().replaceAll("\\", "\\\\").replaceAll('"', '\\"').replaceAll("\n", "\\n");
}

function valueText(value: number | bigint): string {
  if (value === Infinity) return "+Inf";
  if (value === -Infinity) return "-Inf";
  return String(value);
}
