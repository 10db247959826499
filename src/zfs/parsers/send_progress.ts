/**
 * Reads the lines that `zfs send -v -P` writes: first each stream with its size, then once a second how far it is.
 *
 * @module
 */

export type ProgressLine =
  | { readonly kind: "stream"; readonly to: string; readonly sizeBytes: bigint | undefined }
  | { readonly kind: "total"; readonly sizeBytes: bigint }
  | { readonly kind: "sent"; readonly snapshot: string; readonly bytes: bigint };

/** An estimate above this is absurd (near 2^64, seen for bookmarks) and taken as unknown: 2^60 bytes. */
const absurd = 1n << 60n;

/**
 * Reads one line.
 *
 * @returns The progress, or `undefined` for any other line (an error message, a warning).
 */
export function parseProgressLine(line: string): ProgressLine | undefined {
  const sent = /^[0-9]{2}:[0-9]{2}:[0-9]{2}\t([0-9]+)\t(.+)$/.exec(line);
  if (sent) return { kind: "sent", bytes: BigInt(sent[1] ?? 0), snapshot: sent[2] ?? "" };
  const total = /^size\t([0-9]+)$/.exec(line);
  if (total) return { kind: "total", sizeBytes: BigInt(total[1] ?? 0) };
  const full = /^full\t([^\t]+)(?:\t([0-9]+))?$/.exec(line);
  if (full) return { kind: "stream", to: full[1] ?? "", sizeBytes: size(full[2]) };
  const incremental = /^incremental\t[^\t]+\t([^\t]+)(?:\t([0-9]+))?$/.exec(line);
  if (incremental) return { kind: "stream", to: incremental[1] ?? "", sizeBytes: size(incremental[2]) };
  return undefined;
}

function size(text: string | undefined): bigint | undefined {
  const bytes = text === undefined ? undefined : BigInt(text);
  return bytes === undefined || bytes >= absurd ? undefined : bytes;
}

/** How far a pipeline is, from all lines so far. */
export interface SendProgress {
  /** The snapshot on its way, by full name. */
  readonly snapshot: string | undefined;
  readonly doneBytes: bigint;
  readonly totalBytes: bigint | undefined;
}

/** Adds up progress lines: `zfs send` counts each snapshot from 0, and is silent about those that took no second. */
export class ProgressMeter {
  /** For each stream, what those before it hold by their estimates. */
  readonly #before = new Map<string, bigint>();
  #announced = 0n;
  #total: bigint | undefined;
  #snapshot: string | undefined;
  #current = 0n;

  /** Takes a line in; returns whether it was one of progress. */
  take(line: string): boolean {
    const progress = parseProgressLine(line);
    if (progress === undefined) return false;
    switch (progress.kind) {
      case "stream":
        this.#before.set(progress.to, this.#announced);
        this.#announced += progress.sizeBytes ?? 0n;
        break;
      case "total":
        if (progress.sizeBytes < absurd) this.#total = progress.sizeBytes;
        break;
      case "sent":
        this.#snapshot = progress.snapshot;
        this.#current = progress.bytes;
    }
    return true;
  }

  /** The state now: streams before the current one count with their estimated size. */
  get state(): SendProgress {
    const before = this.#snapshot === undefined ? 0n : this.#before.get(this.#snapshot) ?? 0n;
    return { snapshot: this.#snapshot, doneBytes: before + this.#current, totalBytes: this.#total };
  }

  /** Bytes when the pipeline ended well: the larger of what was estimated in all and what was seen. */
  get finalBytes(): bigint {
    const figures = [this.state.doneBytes, this.#announced, this.#total ?? 0n];
    return figures.reduce((most, bytes) => bytes > most ? bytes : most);
  }

  /** How many snapshots the stream carries. */
  get snapshots(): number {
    return this.#before.size;
  }

  /**
   * What of the stream belongs to each dataset, by its name on the source: the estimated bytes, and the snapshots.
   *
   * @param whole Whether all of it was sent; else only what comes before the snapshot on its way counts.
   */
  shares(whole: boolean): Map<string, Share> {
    const shares = new Map<string, Share>();
    const streams = [...this.#before];
    for (const [i, [snapshot, before]] of streams.entries()) {
      if (!whole && (this.#snapshot === undefined || snapshot === this.#snapshot)) break;
      const dataset = snapshot.split("@", 1)[0] ?? snapshot;
      const { bytes, snapshots } = shares.get(dataset) ?? { bytes: 0n, snapshots: 0 };
      const end = streams[i + 1]?.[1] ?? this.#announced;
      shares.set(dataset, { bytes: bytes + end - before, snapshots: snapshots + 1 });
    }
    return shares;
  }
}

/** What of a stream belongs to one dataset. */
export interface Share {
  readonly bytes: bigint;
  readonly snapshots: number;
}
