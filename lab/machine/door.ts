/** The way into a host from outside: one ssh connection that all commands share. */

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

/** Opens the shared connection to a host that has just booted. */
export async function openDoor(folder: string, host: HostName): Promise<Tethered> {
  const socket = `${folder}/${host}.door`;
  await Deno.remove(socket).catch(() => {/* it went with its owner */});
  const door = await Tethered.start(["ssh", "-F", sshConfig(folder), "-q", "-M", "-N", host]);
  const deadline = Date.now() + 60_000;
  while (!door.ended && Date.now() < deadline) {
    if (await Deno.lstat(socket).then(() => true, () => false)) return door;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  await door.kill();
  throw new Error(`${host} booted, but ssh does not reach it`);
}
