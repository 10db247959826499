/** The way into a host from outside: one ssh connection that all commands share. */

import { exists } from "./exists.ts";
import { type HostName, hostNames, sshConfig } from "./folder.ts";
import { Tethered } from "./tethered.ts";

/**
 * Writes the ssh configuration of a lab. Where the shared connection is gone,
 * after a power cut for instance, ssh makes one of its own.
 */
export async function writeSshConfig(
  folder: string,
  images: Record<HostName, string>,
  ports: Record<HostName, number>,
): Promise<void> {
  const text = hostNames.map((host) =>
    `Host ${host}
  HostName 127.0.0.1
  Port ${ports[host]}
  User lab
  IdentityFile ${images[host]}/key
  UserKnownHostsFile ${images[host]}/known_hosts
`
  ).join("") + `Host *
  GlobalKnownHostsFile /dev/null
  HostKeyAlias lab
  IdentitiesOnly yes
  StrictHostKeyChecking yes
  BatchMode yes
  LogLevel ERROR
  ConnectTimeout 20
  ServerAliveInterval 15
  ServerAliveCountMax 8
  Ciphers aes128-gcm@openssh.com
  KexAlgorithms curve25519-sha256
  ControlMaster no
  ControlPath ${folder}/%n.door
`;
  await Deno.writeTextFile(sshConfig(folder), text);
}

/** Opens the shared connection to a host that has just been switched on. */
export async function openDoor(folder: string, host: HostName): Promise<Tethered> {
  const socket = `${folder}/${host}.door`;
  await Deno.remove(socket).catch(() => {/* it went with its owner */});
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const door = await Tethered.start(["ssh", "-F", sshConfig(folder), "-E", "/dev/null", "-M", "-N", host]);
    while (!door.ended && Date.now() < deadline) {
      if (await exists(socket)) return door;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await door.kill();
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error(`${host} is on, but ssh does not reach it`);
}

/** Tells a host that has slept what time it is. */
export async function setClock(folder: string, host: HostName): Promise<void> {
  const set = await new Deno.Command("ssh", {
    args: ["-F", sshConfig(folder), host, `date -u -s @${Date.now() / 1000}`],
    stdin: "null",
  }).output();
  if (!set.success) throw new Error(`${host} does not take the time`);
}
