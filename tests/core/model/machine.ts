/**
 * A small model of ZFS: what a machine's pools hold, and what may be done to it. Bytes are not modelled; what a dataset
 * contains is a number that every write changes, so that two datasets hold the same exactly when their numbers agree.
 *
 * @module
 */

/** What `zfs` would say on standard error, with its exit status. */
export class ZfsError extends Error {
  /** The exit status. */
  readonly status: number;

  /** @param message What `zfs` says. */
  constructor(message: string, status = 1) {
    super(message);
    this.status = status;
  }
}

/** A snapshot; it keeps its identity when it is renamed, or moves to another dataset by a promotion. */
export interface ModelSnapshot {
  name: string;
  readonly guid: bigint;
  readonly createtxg: bigint;
  readonly content: number;
  readonly holds: Set<string>;
  /** User properties, and whether they were received. */
  readonly properties: Map<string, { readonly value: string; readonly received: boolean }>;
}

/** A bookmark. */
export interface ModelBookmark {
  readonly name: string;
  readonly guid: bigint;
  readonly createtxg: bigint;
}

/** What a cut receive left. */
export interface Partial {
  readonly toGuid: bigint;
  readonly toName: string;
  readonly snapshot: string;
  readonly fromGuid: bigint | undefined;
  readonly raw: boolean;
  /** A first copy that was cut: the dataset goes when this is discarded. A forced one leaves it. */
  readonly isNew: boolean;
  readonly forced: boolean;
}

/** A filesystem or volume. */
export interface ModelDataset {
  name: string;
  readonly type: "filesystem" | "volume";
  readonly guid: bigint;
  readonly createtxg: bigint;
  /** What it contains now; 0 is nothing. */
  content: number;
  snapshots: ModelSnapshot[];
  bookmarks: ModelBookmark[];
  origin: ModelSnapshot | undefined;
  /** The dataset whose key it is encrypted with: itself, or one above. */
  keyRoot: ModelDataset | undefined;
  /** Of a key root: whether its key is loaded. */
  keyLoaded: boolean;
  partial: Partial | undefined;
  readonly properties: Map<string, string>;
  /** When its snapshots last changed, in seconds; see {@linkcode Machine.noteChanges}. */
  changedAt: number | undefined;
  /** Its snapshots as they were then. */
  noted: string;
}

/** The name of the dataset above, or `undefined` for a pool's root. */
export function above(name: string): string | undefined {
  const slash = name.lastIndexOf("/");
  return slash < 0 ? undefined : name.slice(0, slash);
}

const snapshotsOf = ({ snapshots }: ModelDataset): string =>
  snapshots.map(({ name, guid }) => `${name} ${guid}`).join();

/** Whether `name` is `top` or lies below it. */
export function within(name: string, top: string): boolean {
  return name === top || name.startsWith(`${top}/`);
}

/** One machine with its pools. */
export class Machine {
  readonly datasets = new Map<string, ModelDataset>();
  /** What its kernel made when it started; another one for each machine. */
  readonly bootId: string;
  #txg = 100n;
  #count: bigint;

  /**
   * @param seed Another one for each machine, so that no two GUIDs are equal by chance.
   * @param pools Their names.
   */
  constructor(seed: number, ...pools: string[]) {
    this.#count = BigInt(seed) << 32n;
    this.bootId = `00000000-0000-4000-8000-${String(seed).padStart(12, "0")}`;
    for (const pool of pools) this.#add(pool, "filesystem");
  }

  /** Notes which datasets have other snapshots than at the last call, as ZFS notes it at once. */
  noteChanges(nowMs: number): void {
    for (const dataset of this.datasets.values()) {
      const now = snapshotsOf(dataset);
      if (now === dataset.noted) continue;
      dataset.noted = now;
      dataset.changedAt = Math.floor(nowMs / 1000);
    }
  }

  /** The next transaction group. */
  txg(): bigint {
    return ++this.#txg;
  }

  /** A GUID that was never given, of 64 bits. */
  guid(): bigint {
    return (1n << 63n) + ++this.#count;
  }

  /** A dataset. */
  get(name: string): ModelDataset {
    const found = this.datasets.get(name);
    if (!found) throw new ZfsError(`cannot open '${name}': dataset does not exist`);
    return found;
  }

  /** A dataset and all below it, in the order of `zfs list`. */
  tree(top: string): ModelDataset[] {
    return [...this.datasets.values()].filter(({ name }) => within(name, top))
      .sort((a, b) => a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  }

  /** The dataset that a snapshot belongs to now. */
  owner(snapshot: ModelSnapshot): ModelDataset {
    for (const dataset of this.datasets.values()) if (dataset.snapshots.includes(snapshot)) return dataset;
    throw new Error("a snapshot without a dataset: the model is wrong");
  }

  /** A snapshot by its full name. */
  snapshotAt(full: string): ModelSnapshot {
    const [dataset = "", name] = full.split("@");
    const found = this.datasets.get(dataset)?.snapshots.find((snapshot) => snapshot.name === name);
    if (!found) throw new ZfsError(`cannot open '${full}': dataset does not exist`);
    return found;
  }

  /** Clones of a snapshot. */
  clones(snapshot: ModelSnapshot): ModelDataset[] {
    return [...this.datasets.values()].filter(({ origin }) => origin === snapshot);
  }

  /** The full name of a dataset's origin. */
  originName(dataset: ModelDataset): string | undefined {
    return dataset.origin && `${this.owner(dataset.origin).name}@${dataset.origin.name}`;
  }

  /** Makes a dataset; it is encrypted as its parent is, unless it gets a key of its own. */
  create(name: string, type: "filesystem" | "volume" = "filesystem", ownKey = false): ModelDataset {
    const parent = this.#parent(name);
    if (this.datasets.has(name)) throw new ZfsError(`cannot create '${name}': dataset already exists`);
    if (!ownKey && parent.keyRoot && !parent.keyRoot.keyLoaded) {
      throw new ZfsError(`cannot create '${name}': encryption root's key is not loaded`);
    }
    const made = this.#add(name, type);
    made.keyRoot = ownKey ? made : parent.keyRoot;
    made.keyLoaded = ownKey;
    return made;
  }

  /** Adds a dataset without further ado, as a receive does. */
  add(name: string, type: "filesystem" | "volume"): ModelDataset {
    this.#parent(name);
    return this.#add(name, type);
  }

  #add(name: string, type: "filesystem" | "volume"): ModelDataset {
    const made: ModelDataset = {
      name,
      type,
      guid: this.guid(),
      createtxg: this.txg(),
      content: 0,
      snapshots: [],
      bookmarks: [],
      origin: undefined,
      keyRoot: undefined,
      keyLoaded: false,
      partial: undefined,
      properties: new Map(),
      changedAt: undefined,
      noted: "",
    };
    this.datasets.set(name, made);
    return made;
  }

  #parent(name: string): ModelDataset {
    const parent = this.datasets.get(above(name) ?? "");
    if (!parent) throw new ZfsError(`cannot create '${name}': parent does not exist`);
    this.#usable(parent.name);
    if (parent.type === "volume") throw new ZfsError(`cannot create '${name}': parent is not a filesystem`);
    return parent;
  }

  /** Changes what a dataset contains. */
  write(name: string): void {
    this.#usable(name).content = Number(this.txg());
  }

  /** Nobody can open the half of a first copy. */
  #usable(name: string): ModelDataset {
    const dataset = this.get(name);
    if (dataset.partial?.isNew) throw new ZfsError(`cannot open '${name}': dataset is inconsistent`);
    return dataset;
  }

  /** Whether a dataset changed since its newest snapshot. */
  isModified(dataset: ModelDataset): boolean {
    return dataset.content !== (dataset.snapshots.at(-1)?.content ?? dataset.origin?.content ?? 0);
  }

  /** Takes one snapshot of many datasets in one transaction group, all or none. */
  snapshot(names: readonly string[], part: string, properties: Readonly<Record<string, string>> = {}): void {
    for (const name of names) {
      if (this.#usable(name).snapshots.some((snapshot) => snapshot.name === part)) {
        throw new ZfsError(`cannot create snapshot '${name}@${part}': dataset already exists`);
      }
    }
    const createtxg = this.txg();
    for (const name of names) {
      const dataset = this.get(name);
      dataset.snapshots.push({
        name: part,
        guid: this.guid(),
        createtxg,
        content: dataset.content,
        holds: new Set(),
        properties: new Map(Object.entries(properties).map(([key, value]) => [key, { value, received: false }])),
      });
    }
  }

  /** Destroys a snapshot that is neither held nor cloned. */
  destroySnapshot(full: string): void {
    const snapshot = this.snapshotAt(full);
    if (snapshot.holds.size > 0) throw new ZfsError(`cannot destroy snapshot ${full}: it's being held.`);
    if (this.clones(snapshot).length > 0) throw new ZfsError(`cannot destroy '${full}': snapshot has dependent clones`);
    const dataset = this.owner(snapshot);
    if (dataset.partial?.fromGuid === snapshot.guid) throw new ZfsError(`cannot destroy '${full}': dataset is busy`);
    dataset.snapshots = dataset.snapshots.filter((other) => other !== snapshot);
  }

  /** Destroys a dataset with all below it. */
  destroyTree(top: string): void {
    const tree = this.tree(top);
    const inside = new Set(tree);
    for (const { snapshots } of tree) {
      for (const snapshot of snapshots) {
        if (snapshot.holds.size > 0 || this.clones(snapshot).some((clone) => !inside.has(clone))) {
          throw new ZfsError(`cannot destroy '${top}': filesystem has dependent clones`);
        }
      }
    }
    for (const { name } of tree) this.datasets.delete(name);
  }

  /** Makes a bookmark of a snapshot. */
  bookmark(full: string, part: string): void {
    const { guid, createtxg } = this.snapshotAt(full);
    const dataset = this.get(full.split("@")[0] ?? "");
    if (dataset.bookmarks.some(({ name }) => name === part)) {
      throw new ZfsError(`cannot create bookmark '${dataset.name}#${part}': bookmark exists`);
    }
    dataset.bookmarks.push({ name: part, guid, createtxg });
  }

  /** Makes a clone. */
  clone(full: string, name: string): ModelDataset {
    const origin = this.snapshotAt(full);
    const of = this.owner(origin);
    if (this.datasets.has(name)) throw new ZfsError(`cannot create '${name}': dataset already exists`);
    const made = this.add(name, of.type);
    made.origin = origin;
    made.content = origin.content;
    made.keyRoot = of.keyRoot;
    return made;
  }

  /** Makes all that is opened by the key of an encryption root be opened by that of another: children and clones. */
  giveKey(root: ModelDataset, to: ModelDataset | undefined): void {
    for (const dataset of this.datasets.values()) if (dataset.keyRoot === root) dataset.keyRoot = to;
  }

  /** Promotes a clone: its origin and all older snapshots of that dataset become its own. */
  promote(name: string): void {
    const dataset = this.get(name);
    const { origin } = dataset;
    if (!origin) throw new ZfsError(`cannot promote '${name}': not a cloned filesystem`);
    const from = this.owner(origin);
    if (from.partial) throw new ZfsError(`cannot promote '${name}': dataset is busy`);
    const moving = from.snapshots.filter(({ createtxg }) => createtxg <= origin.createtxg);
    const names = new Set(dataset.snapshots.map((snapshot) => snapshot.name));
    if (moving.some((snapshot) => names.has(snapshot.name))) {
      throw new ZfsError(`cannot promote '${name}': snapshot name conflicts`);
    }
    // See `dsl_dataset_promote_crypt_check` in OpenZFS's dsl_crypt.c.
    const root = from.origin ? undefined : from.keyRoot;
    const isShared = [dataset, from].every((each) => this.datasets.get(above(each.name) ?? "")?.keyRoot === root);
    if (root && root !== from && !isShared) throw new ZfsError(`cannot promote '${name}': permission denied`);
    if (root === from) {
      dataset.keyLoaded = from.keyLoaded;
      this.giveKey(from, dataset);
    }
    from.snapshots = from.snapshots.filter((snapshot) => !moving.includes(snapshot));
    dataset.snapshots = [...moving, ...dataset.snapshots];
    dataset.origin = from.origin;
    from.origin = origin;
    // What a promotion brings is no change that ZFS notes.
    dataset.noted = snapshotsOf(dataset);
  }

  /** Gives a dataset, with all below it, another name. */
  rename(from: string, to: string): void {
    const tree = this.tree(this.get(from).name);
    if (this.datasets.has(to)) throw new ZfsError(`cannot rename '${from}': dataset '${to}' already exists`);
    if (above(from) === undefined) throw new ZfsError(`cannot rename '${from}': it is a pool's root`);
    if (within(to, from)) throw new ZfsError(`cannot rename '${from}': new name is below it`);
    const parent = this.#parent(to);
    const roots = tree.map(({ keyRoot }) => keyRoot);
    if (roots.some((root) => root && !tree.includes(root) && root !== parent.keyRoot)) {
      throw new ZfsError(`cannot rename '${from}': it would leave its encryption root`);
    }
    for (const dataset of tree) this.datasets.delete(dataset.name);
    for (const dataset of tree) {
      dataset.name = to + dataset.name.slice(from.length);
      this.datasets.set(dataset.name, dataset);
    }
  }

  /** Gives a snapshot another name. */
  renameSnapshot(full: string, part: string): void {
    const snapshot = this.snapshotAt(full);
    if (this.owner(snapshot).snapshots.some(({ name }) => name === part)) {
      throw new ZfsError(`cannot rename to '${part}': dataset already exists`);
    }
    snapshot.name = part;
  }

  /** `zfs rollback -r`. */
  rollback(full: string): void {
    const to = this.snapshotAt(full);
    const dataset = this.owner(to);
    if (dataset.partial) throw new ZfsError(`cannot rollback '${dataset.name}': dataset is busy`);
    const newer = dataset.snapshots.filter(({ createtxg }) => createtxg > to.createtxg);
    if (newer.some((snapshot) => snapshot.holds.size > 0)) {
      throw new ZfsError(`cannot destroy '${full}': dataset is busy`);
    }
    if (newer.some((snapshot) => this.clones(snapshot).length > 0)) {
      throw new ZfsError(`cannot rollback to '${full}': clones of later snapshots exist`);
    }
    dataset.snapshots = dataset.snapshots.filter((snapshot) => !newer.includes(snapshot));
    dataset.bookmarks = dataset.bookmarks.filter(({ createtxg }) => createtxg <= to.createtxg);
    dataset.content = to.content;
  }
}
