/** The way into a host from outside: one ssh connection that all commands share. */

import { exists } from "./exists.ts";
import { type HostName, hostNames, sshConfig } from "./folder.ts";
import { GuardedChild } from "./guarded_child.ts";
import { accessAddress, type Network } from "./network.ts";

/**
 * Writes the ssh configuration of a lab, which holds within the lab's network. Where the shared connection is gone, after a
 * power cut for instance, ssh makes one of its own.
 */
export async function writeSshConfig(folder: string, images: Record<HostName, string>): Promise<void> {
  const text = hostNames.map((host) =>
    `Host ${host}
  HostName ${accessAddress[host]}
  Port 2222
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
  ConnectTimeout 5
  ServerAliveInterval 15
  ServerAliveCountMax 8
  Ciphers aes128-gcm@openssh.com
  KexAlgorithms curve25519-sha256
  ControlMaster no
  ControlPath ${folder}/%n.ssh
`;
  await Deno.writeTextFile(sshConfig(folder), text);
}

/** Opens the shared connection to a host that has just been switched on. */
export async function openSshAccess(network: Network, folder: string, host: HostName): Promise<GuardedChild> {
  const socket = `${folder}/${host}.ssh`;
  await Deno.remove(socket).catch(() => {/* it went with its owner */});
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    const master = await GuardedChild.start(
      network.inside(["ssh", "-F", sshConfig(folder), "-E", "/dev/null", "-M", "-N", host]),
    );
    while (!master.ended && Date.now() < deadline) {
      if (await exists(socket)) return master;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await master.kill();
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${host} is on, but ssh does not reach it`);
}
