/** Running commands in a host and copying files, over the lab's shared ssh connection. */

import { Collector } from "./collector.ts";
import { type HostName, networkOwner, sshConfig } from "./machine/folder.ts";

interface Output {
  readonly code: number;
  readonly stdout: Uint8Array;
  readonly stderr: Uint8Array;
}

type Bytes = ReadableStream<Uint8Array>;

/** How to run a script; see {@link Remote.sh}. */
export interface ShOptions {
  /** Throw, with its errors, when the script fails. Default true. */
  readonly check?: boolean;
  /** Give up after this long. Default two minutes. */
  readonly timeoutMs?: number;
  readonly stdin?: string | Uint8Array;
  /** Run as this user, with a fresh environment. Default root. */
  readonly user?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What a script came to. */
export interface ShResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** The way to one host. */
export class Remote {
  readonly #folder: string;
  readonly #host: HostName;

  /** Reaches a host of the lab whose run folder is given. */
  constructor(folder: string, host: HostName) {
    this.#folder = folder;
    this.#host = host;
  }

  /** Runs a script with the host's `sh`, as root unless told otherwise. */
  async sh(script: string, options: ShOptions = {}): Promise<ShResult> {
    const { check = true, timeoutMs = 120_000, stdin } = options;
    const bytes = typeof stdin === "string" ? new TextEncoder().encode(stdin) : stdin;
    const body = bytes === undefined ? undefined : new Blob([new Uint8Array(bytes)]).stream();
    const output = await this.#ssh(wrapped(script, options), timeoutMs, body);
    const result = { code: output.code, stdout: decode(output.stdout), stderr: decode(output.stderr) };
    if (check && result.code !== 0) {
      throw new Error(`${this.#host}: status ${result.code} of: ${script}\n${result.stderr}${result.stdout}`);
    }
    return result;
  }

  /** Copies a file of this machine into the host; it appears there whole. */
  async put(localPath: string, remotePath: string, mode = 0o644): Promise<void> {
    const file = await Deno.open(localPath);
    await this.#receive(file.readable, remotePath, mode);
  }

  /** Writes a text file in the host; it appears there whole. */
  async write(remotePath: string, text: string, mode = 0o644): Promise<void> {
    await this.#receive(new Blob([text]).stream(), remotePath, mode);
  }

  /** Copies a file out of the host. */
  async get(remotePath: string, localPath: string): Promise<void> {
    const output = await this.#ssh(`cat ${quote(remotePath)}`, 300_000);
    if (output.code !== 0) throw new Error(`${this.#host}: ${decode(output.stderr)}`);
    await Deno.writeFile(localPath, output.stdout);
  }

  async #receive(body: Bytes, path: string, mode: number): Promise<void> {
    const [to, part] = [quote(path), quote(`${path}.part`)];
    const script = `mkdir -p "$(dirname ${to})" && cat >${part} && chmod ${
      mode.toString(8)
    } ${part} && mv ${part} ${to}`;
    const output = await this.#ssh(script, 300_000, body);
    if (output.code !== 0) throw new Error(`${this.#host}: ${decode(output.stderr)}`);
  }

  async #ssh(command: string, timeoutMs: number, body?: Bytes): Promise<Output> {
    const network = `--net=/proc/${(await Deno.readTextFile(networkOwner(this.#folder))).trim()}/ns/net`;
    const child = new Deno.Command("nsenter", {
      args: [network, "--", "ssh", "-F", sshConfig(this.#folder), this.#host, command],
      stdin: body === undefined ? "null" : "piped",
      stdout: "piped",
      stderr: "piped",
    }).spawn();
    const [stdout, stderr] = [new Collector(child.stdout), new Collector(child.stderr)];
    let late = false;
    const limit = setTimeout(() => {
      late = true;
      child.kill("SIGKILL");
      // The shared connection holds the other ends too, so they would stay open.
      stdout.stop();
      stderr.stop();
    }, timeoutMs);
    try {
      // A script that does not read its input to the end is no failure of ours.
      const fed = body?.pipeTo(child.stdin).catch(() => {});
      const output = { code: (await child.status).code, stdout: await stdout.bytes, stderr: await stderr.bytes };
      await fed;
      if (late) throw new Error(`${this.#host}: no end after ${timeoutMs} ms: ${command.slice(0, 500)}`);
      return output;
    } finally {
      clearTimeout(limit);
    }
  }
}

/** Quotes one word for a POSIX shell. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}

function wrapped(script: string, { user, env = {} }: ShOptions): string {
  const words = Object.entries(env).map(([name, value]) => quote(`${name}=${value}`));
  if (user === undefined) return words.length === 0 ? script : `env ${words.join(" ")} sh -c ${quote(script)}`;
  const path = quote("PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
  const who = quote(user);
  return `cd / && setpriv --reuid=${who} --regid="$(id -g ${who})" --init-groups --reset-env ` +
    `env ${[path, ...words].join(" ")} sh -c ${quote(`cd; ${script}`)}`;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
