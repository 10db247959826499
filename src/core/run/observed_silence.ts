/**
 * What a target's streams have shown of how long they may move no byte and yet be well: a pool that frees terabytes, or scrubs
 * slow disks, is silent for longer than others. Pure.
 *
 * @module
 */

/** The longest silence that is known of a target. */
export interface ObservedSilence {
  /** In milliseconds. */
  readonly silentMs: number;
  /** Whether the stream went on after it; else it was ended for it, and nobody knows how much longer it would have been. */
  readonly proven: boolean;
  /** When it was seen, milliseconds since 1970. */
  readonly seenAt: number;
}

/** What the streams of one run showed. */
export interface StreamSilence {
  /** The longest silence after which a stream went on, or ended well, in milliseconds. */
  readonly wentOnMs: number;
  /** The longest silence for which a stream was ended, in milliseconds. */
  readonly endedMs: number;
}

/** Where it is kept, under the key of a target. */
export interface SilenceStore {
  silence(key: string): ObservedSilence | undefined;
  /** Replaces it; `undefined` forgets it. */
  noteSilence(key: string, silence: ObservedSilence | undefined): void;
}

/** Shorter ones fit into any limit, and are not worth keeping, in milliseconds. */
const shortMs = 2 * 60_000;
/** One that did not come again for so long counts no more, in milliseconds: pools grow, and disks are replaced. */
const forgottenAfterMs = 90 * 86_400_000;
/** The most that silences which proved nothing can bring about, in milliseconds: a side that truly hangs must be told of. */
const maxUnprovenMs = 60 * 60_000;
const maxMs = 24 * 60 * 60_000;

/**
 * What is known after a run.
 *
 * @param heard What its streams showed; of a run without a stream there is nothing to learn.
 * @param now Milliseconds since 1970.
 */
export function updateSilence(
  known: ObservedSilence | undefined,
  heard: StreamSilence,
  now: number,
): ObservedSilence | undefined {
  const { wentOnMs, endedMs } = heard;
  const silentMs = Math.max(wentOnMs, endedMs);
  const fresh = silentMs < shortMs ? undefined : { silentMs, proven: wentOnMs >= endedMs, seenAt: now };
  if (known === undefined || silentMs >= known.silentMs) return fresh;
  // It was ended once, and now all went well in less: then something hung at that time.
  if (!known.proven && endedMs === 0) return fresh;
  return now - known.seenAt > forgottenAfterMs ? fresh : known;
}

/** The limit that leaves room for what is known, in milliseconds: twice as long. 0 where nothing is known. */
export function timeoutForSilence(known: ObservedSilence | undefined): number {
  if (known === undefined) return 0;
  return Math.min(known.proven ? maxMs : maxUnprovenMs, 2 * known.silentMs);
}
