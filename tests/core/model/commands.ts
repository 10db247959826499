/**
 * The programs of a machine of the model: argument vectors in, what they print out. What bzman never asks, they do not
 * know.
 *
 * @module
 */

import { isEmpty, list, listPools, type Printed, userspace } from "./listing.ts";
import { type Machine, ZfsError } from "./machine.ts";
import { discard } from "./receive.ts";
import { readToken, readWords, send } from "./stream.ts";

export { isEmpty };

/** Carries out a command that is no stream. */
export function run(machine: Machine, argv: readonly string[], stdin = "", nowMs = 0): Required<Printed> {
  const printed = ((): Printed => {
    try {
      return dispatch(machine, argv, stdin, nowMs);
    } catch (error) {
      if (!(error instanceof ZfsError)) throw error;
      return { stdout: "", stderr: `${error.message}\n`, status: error.status };
    }
  })();
  return { stderr: "", status: 0, ...printed };
}

const done: Printed = { stdout: "" };

function dispatch(machine: Machine, argv: readonly string[], stdin: string, nowMs: number): Printed {
  const [program, verb] = argv;
  if (program === "date") return { stdout: `${Math.floor(nowMs / 1000)}\n` };
  if (program === "id") return { stdout: "0\n" };
  if (program === "cat") return { stdout: `${machine.bootId}\n` };
  if (program === "mbuffer") return { stdout: "" };
  if (program === "zpool") return dispatchPool(machine, argv);
  if (program !== "zfs") return { stdout: "", stderr: `sh: 1: ${program}: not found\n`, status: 127 };
  switch (verb) {
    case "version":
      return { stdout: "zfs-2.3.9-1\nzfs-kmod-2.3.9-1\n" };
    case "list":
      return list(machine, argv);
    case "userspace":
      return userspace(machine, argv);
    case "get":
      return get(machine, argv);
    case "program":
      return channelProgram(machine, argv, stdin);
    case "send":
      return estimate(machine, argv);
    case "hold":
    case "release":
    case "holds":
      return holding(machine, argv);
    default:
      return change(machine, argv);
  }
}

function dispatchPool(machine: Machine, argv: readonly string[]): Printed {
  switch (argv[1]) {
    case "list":
      return listPools(machine, argv[argv.indexOf("-o") + 1] ?? "");
    case "get":
      return { stdout: "feature@bookmarks\tactive\nfeature@large_blocks\tenabled\n" };
    case "sync":
      return done;
    default:
      throw new Error(`the model has no ${argv.join(" ")}`);
  }
}

function change(machine: Machine, argv: readonly string[]): Printed {
  const { flags, rest } = readWords(argv.slice(2), argv[1] === "receive" ? "ox" : "o");
  const [first = "", second = ""] = rest;
  switch (argv[1]) {
    case "snapshot": {
      const [top = "", part = ""] = first.split("@");
      const names = flags.has("-r")
        ? machine.tree(top).map(({ name }) => name)
        : rest.map((name) => name.split("@")[0]!);
      machine.snapshot(names, part, Object.fromEntries((flags.get("-o") ?? []).map((word) => word.split("="))));
      return done;
    }
    case "bookmark":
      machine.bookmark(first, second.split("#")[1] ?? "");
      return done;
    case "destroy":
      return destroy(machine, first);
    case "rollback":
      machine.rollback(first);
      return done;
    case "rename":
      machine.rename(first, second);
      return done;
    case "promote":
      machine.promote(first);
      return done;
    case "create": {
      const made = machine.create(first);
      for (const word of flags.get("-o") ?? []) made.properties.set(word.split("=")[0]!, word.split("=")[1]!);
      return done;
    }
    case "set":
      for (const name of rest.slice(1)) {
        const [key = "", value = ""] = first.split("=");
        if (name.includes("@")) machine.snapshotAt(name).properties.set(key, { value, received: false });
        else machine.get(name).properties.set(key, value);
      }
      return done;
    case "receive":
      discard(machine, first);
      return done;
    default:
      throw new Error(`the model has no ${argv.join(" ")}`);
  }
}

/** Destroys snapshots all or none, or a bookmark. */
function destroy(machine: Machine, name: string): Printed {
  if (name.includes("#")) {
    const [dataset = "", part] = name.split("#");
    const of = machine.get(dataset);
    of.bookmarks = of.bookmarks.filter((bookmark) => bookmark.name !== part);
    return done;
  }
  const [dataset = "", parts = ""] = name.split("@");
  const there = new Set(machine.get(dataset).snapshots.map((snapshot) => snapshot.name));
  const names = parts.split(",").filter((part) => there.has(part)).map((part) => `${dataset}@${part}`);
  if (names.length === 0) throw new ZfsError("could not find any snapshots to destroy; check snapshot names.");
  for (const full of names) {
    const snapshot = machine.snapshotAt(full);
    if (snapshot.holds.size > 0) throw new ZfsError(`cannot destroy snapshot ${full}: it's being held.`);
    if (machine.clones(snapshot).length > 0) {
      throw new ZfsError(`cannot destroy '${full}': snapshot has dependent clones`);
    }
  }
  for (const full of names) machine.destroySnapshot(full);
  return done;
}

function holding(machine: Machine, argv: readonly string[]): Printed {
  const { rest } = readWords(argv.slice(2), "");
  const faults: string[] = [];
  const rows: string[] = [];
  const [tag = ""] = rest;
  for (const full of argv[1] === "holds" ? rest : rest.slice(1)) {
    try {
      const snapshot = machine.snapshotAt(full);
      if (argv[1] === "holds") {
        rows.push(...[...snapshot.holds].map((held) => `${full}\t${held}\tSun Nov 22 03:00 2026\n`));
      } else if (argv[1] === "release") {
        if (!snapshot.holds.delete(tag)) throw new ZfsError(`cannot release hold from snapshot '${full}': no such tag`);
      } else if (snapshot.holds.has(tag)) {
        throw new ZfsError(`cannot hold snapshot '${full}': tag already exists on this dataset`);
      } else snapshot.holds.add(tag);
    } catch (error) {
      if (!(error instanceof ZfsError)) throw error;
      faults.push(error.message);
    }
  }
  return {
    stdout: rows.join(""),
    stderr: faults.map((line) => `${line}\n`).join(""),
    status: faults.length > 0 ? 1 : 0,
  };
}

function get(machine: Machine, argv: readonly string[]): Printed {
  const { flags, rest } = readWords(argv.slice(2), "o");
  const columns = (flags.get("-o")?.[0] ?? "name,property,value").split(",");
  const rows: string[] = [];
  const missing: string[] = [];
  const cells = (row: Readonly<Record<string, string>>) => columns.map((column) => row[column]).join("\t");
  for (const full of rest.slice(1)) {
    const [dataset = "", name] = full.split("@");
    const whole = name === undefined ? machine.datasets.get(dataset) : undefined;
    if (whole) {
      for (const property of (rest[0] ?? "").split(",")) {
        const own = whole.properties.get(property);
        const value = own ?? (property === "canmount" ? "on" : property === "mounted" ? "no" : "off");
        rows.push(`${cells({ name: full, property, value, source: own === undefined ? "default" : "local" })}\n`);
      }
      continue;
    }
    const snapshot = machine.datasets.get(dataset)?.snapshots.find((entry) => entry.name === name);
    if (!snapshot) {
      missing.push(`cannot open '${full}': dataset does not exist\n`);
      continue;
    }
    for (const property of (rest[0] ?? "").split(",")) {
      const own = snapshot.properties.get(property);
      const value = property === "userrefs"
        ? String(snapshot.holds.size)
        : property === "clones"
        ? machine.clones(snapshot).map((clone) => clone.name).join(",")
        : property === "guid"
        ? String(snapshot.guid)
        : own?.value ?? "-";
      const row: Record<string, string> = {
        name: full,
        property,
        value,
        source: own ? own.received ? "received" : "local" : "-",
      };
      rows.push(`${cells(row)}\n`);
    }
  }
  return { stdout: rows.join(""), stderr: missing.join(""), status: missing.length > 0 ? 1 : 0 };
}

function channelProgram(machine: Machine, argv: readonly string[], script: string): Printed {
  if (script.includes("zfs.sync.snapshot")) return snapshotProgram(machine, script);
  const names = argv.slice(5);
  const errno = (work: () => void): number => {
    try {
      work();
      return 0;
    } catch (error) {
      if (!(error instanceof ZfsError)) throw error;
      return /exists/.test(error.message) ? 17 : /held|clones/.test(error.message) ? 16 : 2;
    }
  };
  const [key = "", value = ""] = names;
  const answers = script.includes("zfs.sync.bookmark")
    ? Array.from(
      { length: names.length / 2 },
      (_, i) => errno(() => machine.bookmark(names[2 * i]!, names[2 * i + 1]!.split("#")[1]!)),
    )
    : script.includes("zfs.sync.set_prop")
    ? names.slice(2).map((name) =>
      errno(() => machine.snapshotAt(name).properties.set(key, { value, received: false }))
    )
    : names.map((name) => errno(() => machine.destroySnapshot(name)));
  return { stdout: JSON.stringify({ return: Object.fromEntries(answers.map((answer, i) => [i + 1, answer])) }) };
}

/** The program of `snapshotProgram`: an errno for each, and no snapshot where one of them is not 0. */
function snapshotProgram(machine: Machine, script: string): Printed {
  const [, key = "", value = ""] = /property, value = "([^"]+)", "([^"]+)"/.exec(script) ?? [];
  const names = [...script.matchAll(/^"([^"]+)",?$/gm)].map(([, name = ""]) => name.split("@"));
  const errnos = names.map(([dataset = "", part]) => {
    const there = machine.datasets.get(dataset);
    return there === undefined ? 2 : there.snapshots.some(({ name }) => name === part) ? 17 : 0;
  });
  if (errnos.every((errno) => errno === 0)) {
    machine.snapshot(names.map(([dataset = ""]) => dataset), names[0]?.[1] ?? "", { [key]: value });
  }
  return { stdout: JSON.stringify({ return: Object.fromEntries(errnos.map((errno, i) => [i + 1, errno])) }) };
}

/** `zfs send -n`: an estimate, or the inside of a token. */
function estimate(machine: Machine, argv: readonly string[]): Printed {
  const token = argv[argv.indexOf("-t") + 1];
  if (!argv.includes("-t") || token === undefined) {
    const words = argv.filter((word) => word !== "-n");
    return { stdout: `size\t${1000 * send(machine, words).pieces.length}\n` };
  }
  const { inside } = readToken(machine, token);
  const lines = [
    "resume token contents:",
    "nvlist version: 0",
    ...(inside.fromGuid === undefined ? [] : [`\tfromguid = 0x${BigInt(inside.fromGuid).toString(16)}`]),
    "\tbytes = 0x1f4",
    `\ttoguid = 0x${BigInt(inside.toGuid).toString(16)}`,
    `\ttoname = ${inside.toName}`,
    ...(inside.raw ? ["\trawok = 1"] : []),
    "size\t500",
  ];
  return { stdout: `${lines.join("\n")}\n` };
}
