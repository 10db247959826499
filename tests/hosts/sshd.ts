/**
 * A real sshd for one test: its own keys, a free port, this user, nothing of the machine's configuration.
 *
 * @module
 */

import { Hosts } from "../../src/hosts/hosts.ts";
import type { SshSettings } from "../../src/hosts/ssh/ssh_options.ts";
import { eventually } from "./fixtures.ts";

/** A running sshd. */
export interface Sshd extends AsyncDisposable {
  readonly port: number;
  readonly folder: string;
  /** Options that make ssh trust it and log in. */
  readonly options: readonly string[];
  /** Hosts that reach it by the name `127.0.0.1`. */
  hosts(ssh?: SshSettings): Hosts;
  /** The lines of its log that match. */
  log(pattern: RegExp): Promise<readonly string[]>;
  /** The process ids of its connections. */
  connections(): Promise<readonly number[]>;
}

/** The sshd program, absolute as it demands. */
export const sshdProgram = "/usr/sbin/sshd";

/** Starts one. @param config More lines for its configuration. */
export async function startSshd(config: readonly string[] = []): Promise<Sshd> {
  const folder = await Deno.makeTempDir({ prefix: "sshd-" });
  for (const key of ["host_key", "user_key"]) {
    await run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", `${folder}/${key}`);
  }
  const port = freePort();
  const hostKey = await Deno.readTextFile(`${folder}/host_key.pub`);
  await Deno.copyFile(`${folder}/user_key.pub`, `${folder}/authorized_keys`);
  await Deno.writeTextFile(`${folder}/known_hosts`, `[127.0.0.1]:${port} ${hostKey}`);
  await Deno.writeTextFile(
    `${folder}/config`,
    [
      ...config,
      `Port ${port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${folder}/host_key`,
      `PidFile none`,
      `AuthorizedKeysFile ${folder}/authorized_keys`,
      "PasswordAuthentication no",
      "KbdInteractiveAuthentication no",
      "PermitRootLogin yes",
      "StrictModes no",
      "UsePAM no",
      "LogLevel VERBOSE",
    ].join("\n"),
  );
  // As root it wants its folder for unprivileged children.
  if (Deno.uid() === 0) await Deno.mkdir("/run/sshd", { recursive: true });
  const log = `${folder}/log`;
  const server = new Deno.Command(sshdProgram, {
    args: ["-D", "-f", `${folder}/config`, "-E", log],
    stdin: "null",
    stdout: "null",
    stderr: "null",
  }).spawn();
  const lines = async (pattern: RegExp) =>
    (await Deno.readTextFile(log).catch(() => "")).split("\n").filter((line) => pattern.test(line));
  if (!await eventually(async () => (await lines(/Server listening/)).length > 0, 5000)) {
    throw new Error(`sshd did not start: ${await Deno.readTextFile(log)}`);
  }
  const options = [
    `Port=${port}`,
    `UserKnownHostsFile=${folder}/known_hosts`,
    "GlobalKnownHostsFile=/dev/null",
    "StrictHostKeyChecking=yes",
    `IdentityFile=${folder}/user_key`,
    "IdentitiesOnly=yes",
  ];
  const connections = async () => await children(server.pid);
  return {
    port,
    folder,
    options,
    hosts: (ssh = {}) => new Hosts({ ssh: { ...ssh, options: [...options, ...(ssh.options ?? [])] } }),
    log: lines,
    connections,
    [Symbol.asyncDispose]: async () => {
      for (const pid of await connections()) kill(pid);
      kill(server.pid);
      await server.status;
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** The children of a process. */
export async function children(pid: number): Promise<readonly number[]> {
  const { stdout } = await new Deno.Command("pgrep", { args: ["-P", String(pid)] }).output();
  return new TextDecoder().decode(stdout).split("\n").filter((line) => line !== "").map(Number);
}

/** A port that nobody listens on. */
export function freePort(): number {
  using listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  return listener.addr.port;
}

function kill(pid: number): void {
  try {
    Deno.kill(pid, "SIGKILL");
  } catch {
    // Gone.
  }
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, { args: [...args] }).output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
}
