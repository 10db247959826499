/**
 * What `zfs send` writes, in the model: the streams of single snapshots, and in a package what its receiver needs to know of
 * the whole tree.
 *
 * @module
 */

import { above, type Machine, type ModelDataset, type ModelSnapshot, within, ZfsError } from "./machine.ts";

/** The stream of one snapshot. */
export interface Piece {
  readonly dataset: string;
  readonly snapshot: string;
  readonly toGuid: bigint;
  readonly fromGuid: bigint | undefined;
  /** The base is another dataset's snapshot: this begins a clone. */
  readonly isClone: boolean;
  readonly type: "filesystem" | "volume";
  readonly content: number;
  readonly raw: boolean;
  readonly snapshotProperties: ReadonlyMap<string, string>;
}

/** What a package tells of one of its datasets. */
export interface Member {
  readonly name: string;
  /** Its snapshots up to the last that is sent: name by GUID. */
  readonly snapshots: ReadonlyMap<bigint, string>;
  /** The GUID of its parent's base. */
  readonly parentGuid: bigint;
  readonly originGuid: bigint;
  readonly inheritsKey: boolean;
}

/** A whole stream. */
export interface Stream {
  /** The dataset it was sent from, the top of a package. */
  readonly top: string;
  readonly pieces: readonly Piece[];
  readonly carriesProperties: boolean;
  /** It is the rest of one that was cut. */
  readonly isRest: boolean;
  /** Only in a package. */
  readonly members: readonly Member[] | undefined;
  /** The name of a package's base. */
  readonly from: string | undefined;
}

/** The words of a command: its options with their values, and what follows them. */
export interface Words {
  readonly flags: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
}

/** Reads options; those in `valued` take the next word. */
export function readWords(words: readonly string[], valued: string): Words {
  const flags = new Map<string, string[]>();
  let i = 0;
  for (; i < words.length && words[i]!.startsWith("-") && words[i] !== "-"; i++) {
    const flag = words[i]!;
    const values = flags.get(flag) ?? [];
    if (valued.includes(flag.slice(1))) values.push(words[++i] ?? "");
    flags.set(flag, values);
  }
  return { flags, rest: words.slice(i) };
}

/** Carries out `zfs send`. */
export function send(machine: Machine, argv: readonly string[]): Stream {
  const { flags, rest } = readWords(argv.slice(2), "IitX");
  const token = flags.get("-t")?.[0];
  if (token !== undefined) return sendRest(machine, token);
  const [dataset = "", part = ""] = rest[0]?.split("@") ?? [];
  const options = { raw: flags.has("-w"), properties: flags.has("-p") || flags.has("-R") };
  if (flags.has("-R")) {
    const excluded = flags.get("-X") ?? [];
    const whole = membersOf(machine, dataset, part, flags.has("-s"));
    return sendPackage(machine, whole, dataset, flags.get("-I")?.[0]?.slice(1), part, excluded, options.raw);
  }
  return sendOne(machine, dataset, part, flags.get("-I")?.[0], flags.get("-i")?.[0], options);
}

interface Options {
  readonly raw: boolean;
  readonly properties: boolean;
}

function sendOne(
  machine: Machine,
  dataset: string,
  part: string,
  all: string | undefined,
  single: string | undefined,
  options: Options,
): Stream {
  const to = machine.snapshotAt(`${dataset}@${part}`);
  const from = machine.get(dataset);
  mayRead(from, options);
  const base = all ?? single;
  const shared = {
    top: dataset,
    carriesProperties: options.properties,
    isRest: false,
    members: undefined,
    from: undefined,
  };
  if (base === undefined) return { ...shared, pieces: [piece(from, to, undefined, false, options)] };
  if (base.includes("#")) {
    if (all !== undefined) throw new ZfsError("Error: multiple snapshots cannot be sent from a bookmark.");
    const [of = "", name] = base.split("#");
    const bookmark = machine.get(of).bookmarks.find((entry) => entry.name === name);
    if (!bookmark || of !== dataset) throw new ZfsError(`cannot send: incremental source (${base}) does not exist`);
    if (bookmark.createtxg >= to.createtxg) throw notEarlier(base);
    return { ...shared, pieces: [piece(from, to, bookmark.guid, false, options)] };
  }
  const start = machine.snapshotAt(base);
  const isOrigin = from.origin === start;
  if (machine.owner(start) !== from && !isOrigin) throw new ZfsError(`cannot send: ${base} is of another dataset`);
  if (!isOrigin && start.createtxg >= to.createtxg) throw notEarlier(base);
  const later = from.snapshots.filter(({ createtxg }) =>
    createtxg <= to.createtxg && (isOrigin || createtxg > start.createtxg)
  );
  const sent = all === undefined ? [to] : later;
  return {
    ...shared,
    pieces: sent.map((snapshot, i) =>
      piece(from, snapshot, (i === 0 ? start : sent[i - 1]!).guid, isOrigin && i === 0, options)
    ),
  };
}

function notEarlier(base: string): ZfsError {
  return new ZfsError(`cannot send: incremental source (${base}) is not earlier than it`);
}

/** What `zfs send -R` looks at: also what `-X` leaves out must have the snapshot, or `-s` skips it with all below it. */
function membersOf(machine: Machine, top: string, to: string, skipsMissing: boolean): readonly ModelDataset[] {
  const whole = machine.tree(machine.get(top).name);
  const lacking = whole.filter(({ snapshots }) => !snapshots.some(({ name }) => name === to));
  if (!skipsMissing && lacking[0]) {
    throw new ZfsError(`cannot send ${top}@${to} recursively: snapshot ${lacking[0].name}@${to} does not exist`);
  }
  return whole.filter(({ name }) => !lacking.some((out) => within(name, out.name)));
}

function sendPackage(
  machine: Machine,
  whole: readonly ModelDataset[],
  top: string,
  from: string | undefined,
  to: string,
  excluded: readonly string[],
  raw: boolean,
): Stream {
  const options = { raw, properties: true };
  const tree = whole.filter(({ name }) => !excluded.some((out) => within(name, out)));
  const named = (dataset: ModelDataset, name: string | undefined): ModelSnapshot | undefined =>
    dataset.snapshots.find((snapshot) => snapshot.name === name);
  if (from !== undefined && !named(machine.get(top), from)) {
    throw new ZfsError(`cannot send '${top}@${to}': incremental source (@${from}) does not exist`);
  }
  for (const dataset of tree) mayRead(dataset, options);
  // What -X leaves out sends no stream, but the receiver is told of it all the same, and renames it too.
  const members = whole.map((dataset): Member => {
    const last = named(dataset, to) ?? dataset.snapshots.at(-1);
    const parent = dataset.name === top ? undefined : machine.get(above(dataset.name)!);
    return {
      name: dataset.name,
      snapshots: new Map(
        dataset.snapshots.filter(({ createtxg }) => last !== undefined && createtxg <= last.createtxg)
          .map(({ guid, name }) => [guid, name]),
      ),
      parentGuid: (parent && (named(parent, from) ?? named(parent, to))?.guid) ?? 0n,
      originGuid: dataset.origin?.guid ?? 0n,
      // The receiver fixes encryption roots after a raw package alone.
      inheritsKey: options.raw && dataset.keyRoot !== undefined && dataset.keyRoot !== dataset,
    };
  });
  const pieces: Piece[] = [];
  const sent = new Set<string>();
  const carried = new Set<string>(tree.map(({ name }) => name));
  const known = new Set(
    members.filter(({ name }) => carried.has(name)).flatMap(({ snapshots }) => [...snapshots.keys()]),
  );
  for (let progress = true; progress;) {
    progress = false;
    for (const dataset of tree) {
      const parent = above(dataset.name);
      if (sent.has(dataset.name) || (dataset.name !== top && !sent.has(parent!))) continue;
      const { origin } = dataset;
      if (origin && known.has(origin.guid) && !sent.has(machine.owner(origin).name)) continue;
      pieces.push(...memberPieces(dataset, from, named(dataset, to)!, options));
      sent.add(dataset.name);
      progress = true;
    }
  }
  if (sent.size < tree.length) throw new ZfsError(`cannot send ${top}@${to}: clones and parents wait for each other`);
  return { top, pieces, carriesProperties: true, isRest: false, members, from };
}

function memberPieces(
  dataset: ModelDataset,
  from: string | undefined,
  to: ModelSnapshot,
  options: Options,
): Piece[] {
  const base = dataset.snapshots.find(({ name }) => name === from);
  const later = dataset.snapshots.filter(({ createtxg }) =>
    createtxg <= to.createtxg && (base === undefined || createtxg > base.createtxg)
  );
  return later.map((snapshot, i) => {
    const before = i > 0 ? later[i - 1] : base ?? dataset.origin;
    return piece(
      dataset,
      snapshot,
      before?.guid,
      i === 0 && base === undefined && dataset.origin !== undefined,
      options,
    );
  });
}

function mayRead({ name, keyRoot }: ModelDataset, options: Options): void {
  if (keyRoot === undefined || options.raw) return;
  if (options.properties) {
    throw new ZfsError(`encrypted dataset ${name} may not be sent with properties without the raw flag`);
  }
  if (!keyRoot.keyLoaded) throw new ZfsError(`warning: cannot send '${name}': dataset key must be loaded`);
}

function piece(
  dataset: ModelDataset,
  to: ModelSnapshot,
  fromGuid: bigint | undefined,
  isClone: boolean,
  options: Options,
): Piece {
  return {
    dataset: dataset.name,
    snapshot: to.name,
    toGuid: to.guid,
    fromGuid,
    isClone,
    type: dataset.type,
    content: to.content,
    raw: options.raw && dataset.keyRoot !== undefined,
    snapshotProperties: new Map(options.properties ? [...to.properties].map(([key, { value }]) => [key, value]) : []),
  };
}

/** What a token holds. */
export interface TokenInside {
  readonly toGuid: string;
  readonly toName: string;
  readonly fromGuid: string | undefined;
  readonly raw: boolean;
}

/** Writes a token in the form ZFS gives it. */
export function writeToken(inside: TokenInside): string {
  const bytes = new TextEncoder().encode(JSON.stringify(inside));
  return `1-c0ffee-${bytes.length.toString(16)}-${bytes.toHex()}`;
}

/** Finds what a token is of; by GUID, so that renames do not matter. */
export function readToken(
  machine: Machine,
  token: string,
): { inside: TokenInside; of: ModelDataset; to: ModelSnapshot } {
  const corrupt = new ZfsError("cannot resume send: resume token is corrupt (incorrect checksum)", 255);
  if (!token.startsWith("1-c0ffee-")) throw corrupt;
  const inside = JSON.parse(new TextDecoder().decode(Uint8Array.fromHex(token.split("-")[3] ?? ""))) as TokenInside;
  const all = [...machine.datasets.values()];
  // The dataset it was sent from goes before another that has the same snapshot.
  const [name] = inside.toName.split("@");
  all.sort((a, b) => Number(b.name === name) - Number(a.name === name));
  const of = all.find(({ snapshots }) => snapshots.some(({ guid }) => String(guid) === inside.toGuid));
  const to = of?.snapshots.find(({ guid }) => String(guid) === inside.toGuid);
  const gone = new ZfsError(`cannot resume send: '${inside.toName}' used in the initial send no longer exists`, 255);
  if (!of || !to) throw gone;
  const bases = all.flatMap(({ snapshots, bookmarks }) => [...snapshots, ...bookmarks]);
  if (inside.fromGuid !== undefined && !bases.some(({ guid }) => String(guid) === inside.fromGuid)) throw gone;
  return { inside, of, to };
}

function sendRest(machine: Machine, token: string): Stream {
  const { inside, of, to } = readToken(machine, token);
  const from = inside.fromGuid === undefined ? undefined : BigInt(inside.fromGuid);
  const made = piece(of, to, from, from !== undefined && of.origin?.guid === from, {
    raw: inside.raw,
    properties: false,
  });
  return { top: of.name, pieces: [made], carriesProperties: false, isRest: true, members: undefined, from: undefined };
}
