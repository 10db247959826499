/**
 * What `zfs list` and its like print of a machine of the model.
 *
 * @module
 */

import { type Machine, type ModelDataset, within } from "./machine.ts";
import { readWords, writeToken } from "./stream.ts";

/** The result of a command. */
export interface Printed {
  readonly stdout: string;
  readonly stderr?: string;
  readonly status?: number;
}

/** Carries out `zfs list -H -p`. */
export function list(machine: Machine, argv: readonly string[]): Printed {
  const { flags, rest } = readWords(argv.slice(2), "tod");
  const types = (flags.get("-t")?.[0] ?? "filesystem,volume").split(",");
  const columns = (flags.get("-o")?.[0] ?? "name").split(",");
  const missing: string[] = [];
  const lines: string[] = [];
  for (const name of rest) {
    const found = name.includes("@")
      ? rowsOfSnapshot(machine, name)
      : flags.has("-r")
      ? machine.tree(name).flatMap((dataset) => rowsOf(machine, dataset, types))
      : rowsOf(machine, machine.datasets.get(name), types);
    if (found.length === 0 && !machine.datasets.has(name)) {
      missing.push(`cannot open '${name}': dataset does not exist`);
    }
    for (const row of found) lines.push(columns.map((column) => row[column] ?? "-").join("\t"));
  }
  const stdout = lines.map((line) => `${line}\n`).join("");
  return missing.length > 0 ? { stdout, stderr: `${missing.join("\n")}\n`, status: 1 } : { stdout };
}

type Row = Readonly<Record<string, string>>;

function rowsOf(machine: Machine, dataset: ModelDataset | undefined, types: readonly string[]): Row[] {
  if (!dataset) return [];
  const rows: Row[] = types.includes(dataset.type) ? [rowOfDataset(machine, dataset)] : [];
  if (types.includes("snapshot")) {
    rows.push(...dataset.snapshots.map((snapshot) => rowOfVersion(`${dataset.name}@${snapshot.name}`, snapshot)));
  }
  if (types.includes("bookmark")) {
    rows.push(...dataset.bookmarks.map((bookmark) => rowOfVersion(`${dataset.name}#${bookmark.name}`, bookmark)));
  }
  return rows;
}

function rowsOfSnapshot(machine: Machine, full: string): Row[] {
  const [dataset = "", name] = full.split("@");
  const found = machine.datasets.get(dataset)?.snapshots.find((snapshot) => snapshot.name === name);
  return found ? [rowOfVersion(full, found)] : [];
}

function rowOfVersion(name: string, version: { readonly guid: bigint; readonly createtxg: bigint }): Row {
  return { name, guid: String(version.guid), createtxg: String(version.createtxg) };
}

function rowOfDataset(machine: Machine, dataset: ModelDataset): Row {
  const { name, type, guid, createtxg, keyRoot, partial, properties, snapshots } = dataset;
  const token = partial && writeToken({
    toGuid: String(partial.toGuid),
    toName: partial.toName,
    fromGuid: partial.fromGuid === undefined ? undefined : String(partial.fromGuid),
    raw: partial.raw,
  });
  return {
    name,
    type,
    guid: String(guid),
    createtxg: String(createtxg),
    used: "100000",
    usedbysnapshots: "0",
    usedbyrefreservation: "0",
    available: "1000000000",
    referenced: "24576",
    written: snapshots.length === 0 ? "24576" : machine.isModified(dataset) ? "4096" : "0",
    origin: machine.originName(dataset) ?? "-",
    encryption: keyRoot ? "aes-256-gcm" : "off",
    encryptionroot: keyRoot?.name ?? "-",
    keystatus: keyRoot ? keyRoot.keyLoaded ? "available" : "unavailable" : "none",
    receive_resume_token: token ?? "-",
    canmount: type === "volume" ? "-" : properties.get("canmount") ?? "on",
    mounted: type === "volume" ? "-" : properties.get("mounted") ?? "no",
    readonly: properties.get("readonly") ?? "off",
    snapshots_changed: dataset.changedAt === undefined ? "-" : String(dataset.changedAt),
  };
}

/** Carries out `zfs userspace`: a line for whoever owns something. */
export function userspace(machine: Machine, argv: readonly string[]): Printed {
  const dataset = machine.get(argv.at(-1) ?? "");
  if (dataset.keyRoot && !dataset.keyRoot.keyLoaded) {
    return { stdout: "", stderr: `cannot get used/quota for ${dataset.name}: permission denied\n`, status: 255 };
  }
  return { stdout: `POSIX User\troot\t512\t${dataset.content === 0 ? 1 : 2}\n` };
}

/** Carries out `zpool list`. */
export function listPools(machine: Machine, columns: string): Printed {
  const rows = [...machine.datasets.values()].filter(({ name }) => !name.includes("/")).map(({ name, guid }): Row => ({
    name,
    guid: String(guid),
    size: "1000000000",
    allocated: "1000",
    free: "999999000",
    fragmentation: "0",
    health: "ONLINE",
    readonly: "off",
  }));
  return { stdout: rows.map((row) => `${columns.split(",").map((column) => row[column]).join("\t")}\n`).join("") };
}

/** Whether a dataset holds nothing at all, as `userspace` and the listing prove it. */
export function isEmpty(machine: Machine, name: string): boolean {
  const dataset = machine.datasets.get(name);
  // Of a first copy that was cut nothing can be proven: it cannot be opened.
  return dataset !== undefined && dataset.type === "filesystem" && dataset.content === 0 && !dataset.partial?.isNew &&
    dataset.snapshots.length === 0 &&
    ![...machine.datasets.keys()].some((other) => other !== name && within(other, name));
}
