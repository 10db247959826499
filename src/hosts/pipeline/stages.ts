/**
 * Stages of a pipeline → the processes to start here: one for each local stage, and one ssh for adjacent stages on the
 * same remote host.
 *
 * @module
 */

import type { Stage } from "../../core/ports.ts";
import { type HostSettings, LocalHost } from "../local_host.ts";
import { formatRemoteScript, markVariable } from "../remote/remote_script.ts";
import { shell } from "../../shell.ts";
import { SshHost } from "../ssh/ssh_host.ts";

/** One process here. */
export type Segment =
  | { readonly kind: "local"; readonly stage: Stage }
  | { readonly kind: "ssh"; readonly host: SshHost; readonly stages: readonly Stage[] };

/**
 * Groups stages into segments.
 *
 * @throws {RangeError} If there is no stage, or stages of more than one connection.
 */
export function segmentsOf(stages: readonly Stage[]): readonly Segment[] {
  if (stages.length === 0) throw new RangeError("A pipeline needs at least one stage");
  const segments: Segment[] = [];
  for (const stage of stages) {
    const last = segments.at(-1);
    if (!(stage.host instanceof SshHost)) segments.push({ kind: "local", stage });
    else if (last?.kind === "ssh" && last.host === stage.host) {
      segments[segments.length - 1] = { ...last, stages: [...last.stages, stage] };
    } else segments.push({ kind: "ssh", host: stage.host, stages: [stage] });
  }
  if (segments.filter((segment) => segment.kind === "ssh").length > 1) {
    throw new RangeError("A pipeline runs over one connection: bzman does not relay from one remote host to another");
  }
  return segments;
}

/** The text for the remote side of a segment. */
export function remoteText(segment: Segment & { kind: "ssh" }, nonce: string): string {
  const stages = segment.stages.map(({ argv, mark }) => ({ argv, ...(mark !== undefined && { mark }) }));
  return formatRemoteScript({ kind: "pipeline", nonce, stages }, segment.host.settings.env?.["PATH"]);
}

// Eats what the remote login shell printed before the stream, up to the marker line, and then becomes the receiver.
// `read` takes single bytes from a pipe, as POSIX demands, so the receiver finds the stream's first byte next.
const skipNoise = 'while IFS= read -r l; do [ "$l" = "$0" ] && exec "$@"; done; exit 97';

/** The command line of a local stage that reads from ssh. */
export function afterMarker(argv: readonly string[], nonce: string): readonly string[] {
  return [shell, "-c", skipNoise, `${nonce} begin`, ...argv];
}

/** The variables by which a local stage can be found later. */
export function markEnvironment(stage: Stage): Record<string, string> {
  return stage.mark === undefined ? {} : { [markVariable]: stage.mark };
}

/** What a stage is called in messages: `zfs send`, `zfs receive on target`. */
export function stageName(stage: Stage): string {
  const name = programName(stage);
  const called = name === "zfs" ? `zfs ${stage.argv[1] ?? ""}` : name;
  return stage.host.isLocal ? called : `${called} on ${stage.host.label}`;
}

/** The last part of a stage's program: programs put it before their messages. */
export function programName(stage: Stage): string {
  return stage.argv[0]?.split("/").at(-1) ?? "";
}

/** What the host of a segment was made with. */
export function settingsOf(segment: Segment): HostSettings {
  const host = segment.kind === "ssh" ? segment.host : segment.stage.host;
  return host instanceof SshHost || host instanceof LocalHost ? host.settings : {};
}
