/**
 * A host of the model whose snapshots can also be looked into: each has three files, or four pieces, made of what its dataset
 * contained.
 *
 * @module
 */

import type { Host, Outcome } from "../../../src/core/ports.ts";
import { run } from "../model/commands.ts";
import type { Machine } from "../model/machine.ts";

/** How such a host behaves. */
export interface Behaviour {
  readonly isRoot?: boolean;
  /** Answers instead of the host; `undefined` leaves it to the host. */
  readonly instead?: (argv: readonly string[]) => Partial<Outcome> | undefined;
}

/** A host and what was asked of it. */
export interface ReadableHost extends Host {
  /** Commands that look into snapshots or change something, each in a few words. */
  readonly log: string[];
}

const digest = (content: number, part: number): string => BigInt(content * 10 + part).toString(16).padStart(64, "0");

/** Makes it. */
export function readableHost(
  label: string,
  machine: Machine,
  { isRoot = true, instead }: Behaviour = {},
): ReadableHost {
  const log: string[] = [];
  const properties = new Map<string, string>();
  const contentOf = (full: string): number | undefined => {
    const [name = "", part] = full.split("@");
    return machine.datasets.get(name)?.snapshots.find((snapshot) => snapshot.name === part)?.content;
  };
  const files = (argv: readonly string[]): Partial<Outcome> => {
    const [full = "", picks = ""] = argv.slice(argv.indexOf("bzman-verify") + 1);
    const script = argv[argv.indexOf("-c") + 1] ?? "";
    const verb = script.includes("-printf") ? "list" : script.includes("split") ? "all" : "some";
    log.push(`${verb} ${full}${picks === "" ? "" : ` ${picks}`}`);
    const content = contentOf(full);
    if (content === undefined) {
      return { status: 1, stderr: `filesystem '${full}' cannot be mounted, unable to open the dataset\n` };
    }
    if (verb === "list") return { stdout: `${digest(3, 0)}  -\n3\n` };
    if (verb === "all") return { stdout: `${digest(content, 0)}  -\n` };
    const wanted = [1, 2, 3].filter((i) =>
      picks.split(";").some((pick) => {
        const [first = 0, last = first] = pick.replace("p", "").split(",").map(Number);
        return i >= first && i <= last;
      })
    );
    return { stdout: btoa(wanted.map((i) => `${digest(content, i)}  ./file ${i}\0`).join("")) };
  };
  const blocks = (argv: readonly string[]): Partial<Outcome> => {
    const [dataset, name, before, ...pieces] = argv.slice(argv.indexOf("bzman-verify") + 1);
    log.push(`blocks ${dataset}@${name} ${before} ${pieces.join(" ")}`);
    const content = contentOf(`${dataset}@${name}`) ?? 0;
    const hashes = pieces.flatMap((piece, i) => i % 2 === 0 ? [`${digest(content, Number(piece))}  -\n`] : []);
    return { stdout: `${4 * 2 ** 20}\n${hashes.join("")}` };
  };
  const get = (argv: readonly string[]): Partial<Outcome> => {
    if (argv.includes("volsize")) return { stdout: `${4 * 2 ** 20}\n` };
    const mark = properties.get("bzman:snapdev");
    const visible = properties.get("snapdev");
    return {
      stdout: `snapdev\t${visible ?? "hidden"}\t${visible ? "local" : "default"}\n` +
        `bzman:snapdev\t${mark ?? "-"}\t${mark ? "local" : "-"}\n`,
    };
  };
  const answer = (argv: readonly string[]): Partial<Outcome> => {
    const other = instead?.(argv);
    if (other) return other;
    if (argv[0] === "id") return { stdout: isRoot ? "0\n" : "1000\n" };
    if (argv[0] === "unshare") return files(argv);
    if (argv[0] === "sh") return blocks(argv);
    if (argv[0] === "zfs" && argv[1] === "get") return get(argv);
    if (argv[0] === "zfs" && (argv[1] === "set" || argv[1] === "inherit")) {
      log.push(argv.slice(1).join(" "));
      const [name = "", value] = (argv[2] ?? "").split("=");
      if (value === undefined) properties.delete(name);
      else properties.set(name, value);
      return {};
    }
    return run(machine, argv);
  };
  const whole = (argv: readonly string[]): Outcome => ({
    status: 0,
    stdout: "",
    stderr: "",
    elapsedMs: 1,
    ...answer(argv),
  });
  return {
    label,
    isLocal: label === "source",
    log,
    run: (argv, limits) =>
      Promise.resolve(limits?.signal?.aborted ? { ...whole(["date"]), stopped: "aborted" as const } : whole(argv)),
    runAll: (commands) => Promise.resolve(commands.map(whole)),
    close: () => Promise.resolve(),
  };
}
