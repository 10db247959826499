/**
 * What ssh says when it fails → what is wrong and what to type next.
 *
 * The texts are those of OpenSSH's own source; the file each comes from is named beside it. Its exit status
 * is 255 for every one of them, and also when the remote command itself ended with 255.
 *
 * @module
 */

import type { ConnectionFault } from "../../core/ports.ts";

/** What ssh says of one kind of failure. */
export interface SshFault {
  readonly text: RegExp;
  readonly errorClass: string;
  readonly temporary: boolean;
  /** What to type next; `{host}` stands for the destination as typed. */
  readonly next: string;
}

const waitAndRetry = "Check that the host is up and its sshd listens; the next run tries again.";

/** The first that matches wins: so the precise come before the general, and causes before their consequences. */
export const sshFaults: readonly SshFault[] = [
  {
    // not ssh, but bzman in its place
    text: /^ssh: not found$/m,
    errorClass: "ssh-missing",
    temporary: false,
    next: "Install the OpenSSH client on this machine: dnf install openssh-clients, or apt install openssh-client",
  },
  {
    // not ssh, but the kernel before it: ssh_master.ts
    text: /^ssh: .*(?:Resource temporarily unavailable|Cannot allocate memory|Too many open files).*$/m,
    errorClass: "no-resources",
    temporary: true,
    next: "This machine has no process, memory or file to spare: free -m; ulimit -u; ps -e | wc -l",
  },
  {
    // not ssh, but bzman before it: hosts.ts
    text: /^no folder for the sockets of ssh.*$/m,
    errorClass: "ssh-socket",
    temporary: true,
    next: "Make room in /run or /tmp of this machine: df -h /run /tmp; df -i /run /tmp",
  },
  {
    // sshconnect.c, warn_changed_key()
    text: /^.*REMOTE HOST IDENTIFICATION HAS CHANGED.*$/m,
    errorClass: "ssh-host-key",
    temporary: false,
    next: "Make sure that the host was reinstalled and not impersonated, then: ssh-keygen -R {host} && ssh {host} true",
  },
  {
    // sshconnect.c, ssh_login(); check_host_key(): "No ED25519 host key is known for HOST and you have requested …"
    text: /^(?:Host key verification failed\.|No \S+ host key is known for .*)$/m,
    errorClass: "ssh-host-key",
    temporary: false,
    next: "Connect once by hand, as the same user, and compare the fingerprint: ssh {host} true",
  },
  {
    // sshconnect2.c, userauth(): "USER@HOST: Permission denied (publickey)."; auth.c of the server, authctxt
    text:
      /^(?:.*: Permission denied \([^)]*\)\.|.*Too many authentication failures.*|.*No more authentication methods.*)$/m,
    errorClass: "ssh-auth",
    temporary: false,
    next: "Put this user's public key into ~/.ssh/authorized_keys there: ssh-copy-id {host}",
  },
  {
    // ssh.c, resolve_host() with EAI_AGAIN: the name server did not answer
    text: /^.*Could not resolve hostname .*[Tt]emporary failure.*$/m,
    errorClass: "ssh-host-unresolvable",
    temporary: true,
    next: "Check the name server of this machine: getent hosts {host}",
  },
  {
    // ssh.c, resolve_host()
    text: /^.*Could not resolve hostname .*$/m,
    errorClass: "ssh-host-unresolvable",
    temporary: false,
    next: "Check the spelling, /etc/hosts and ~/.ssh/config: getent hosts {host}",
  },
  {
    // sshconnect.c, ssh_connect_direct(): "connect to host H port P: Connection timed out"; kex.c: "… during banner …"
    text: /^.*(?:Connection timed out|Operation timed out|timed out during banner exchange).*$/m,
    errorClass: "ssh-timeout",
    temporary: true,
    next: waitAndRetry,
  },
  {
    // sshconnect.c, ssh_connect_direct(): refused, no route, unreachable
    text: /^.*connect to (?:host|address) .*$/m,
    errorClass: "ssh-unreachable",
    temporary: true,
    next: waitAndRetry,
  },
  {
    // kex.c, kex_exchange_identification(); sshconnect.c: the server closed at once (MaxStartups, a full host, a ban)
    text: /^(?:kex_exchange_identification|ssh_exchange_identification|banner exchange): .*$/m,
    errorClass: "ssh-unreachable",
    temporary: true,
    next: "The host closed the connection at once; see its log: journalctl -u ssh -u sshd",
  },
  {
    // kex.c / packet.c, sshpkt_fatal(): "Unable to negotiate with H port P: no matching host key type found. …"
    text: /^(?:Unable to negotiate with .*|.*no matching .* found.*|Bad SSH2 .*)$/m,
    errorClass: "ssh-negotiation",
    temporary: false,
    next: "Both sides need a common algorithm; see what ssh offers: ssh -vv {host} true",
  },
  {
    // readconf.c, read_config_file_depth(), process_config_line()
    text:
      /^(?:.*Bad configuration option.*|Bad owner or permissions on .*|.*terminating, \d+ bad configuration options)$/m,
    errorClass: "ssh-config",
    temporary: false,
    next: "Fix ~/.ssh/config or /etc/ssh/ssh_config; this shows what is read: ssh -G {host}",
  },
  {
    // clientloop.c, server_alive_check(), client_process_net_input(); packet.c, sshpkt_vfatal(); mux.c when the master
    // dies. Each with its prefix: a bare "Broken pipe" may be the words of a remote command.
    text: new RegExp(
      "^(?:Timeout, server .* not responding\\.?|(?:Shared )?[Cc]onnection to .* closed(?: by remote host)?\\.?" +
        "|(?:Connection (?:reset|closed) by|Read from remote host|Disconnected from|Received disconnect from) .*" +
        "|(?:client_loop|packet_write_\\w+|ssh_dispatch_run_fatal|ssh_packet_\\w+|mux_client_\\w+): .*)$",
      "m",
    ),
    errorClass: "ssh-lost",
    temporary: true,
    next: waitAndRetry,
  },
];

/**
 * Explains a failed connection by what ssh says, where it is known to say so.
 *
 * @param stderr What ssh wrote.
 * @param host The destination as typed, for the commands to type next.
 */
export function knownFault(stderr: string, host: string): ConnectionFault | undefined {
  const text = stderr.replaceAll("\r", "");
  for (const { text: pattern, errorClass, temporary, next } of sshFaults) {
    const why = pattern.exec(text)?.[0].trim();
    if (why !== undefined) return { errorClass, temporary, why, next: next.replaceAll("{host}", host) };
  }
  return undefined;
}

/**
 * Explains a failed connection.
 *
 * @param stderr What ssh wrote.
 * @param status Its exit status.
 * @param host The destination as typed, for the commands to type next.
 * @returns `undefined` when ssh did not fail: its status is neither 255 nor that of a killed process.
 */
export function sshFault(stderr: string, status: number, host = "HOST"): ConnectionFault | undefined {
  if (status !== 255 && status < 129) return undefined;
  const known = status === 255 ? knownFault(stderr, host) : undefined;
  if (known !== undefined) return known;
  const otherwise = status === 255 ? "the connection ended" : `ssh was killed by signal ${status - 128}`;
  return { errorClass: "ssh-lost", temporary: true, why: lastLine(stderr) ?? otherwise, next: waitAndRetry };
}

/**
 * Explains a session in which the script of bzman never began although ssh itself did not fail: a login shell that
 * refuses (`nologin`, a forced command, no `sh`).
 */
export function shellFault(stderr: string, stdout: string, status: number, host: string): ConnectionFault {
  return {
    errorClass: "ssh-command-refused",
    temporary: false,
    why: lastLine(stderr) ?? lastLine(stdout) ?? `the login shell ended with status ${status}`,
    next: `See what the login shell there says to a command: ssh ${host} "sh -c 'echo ok'"`,
  };
}

function lastLine(text: string): string | undefined {
  return text.split("\n").map((line) => line.trim()).findLast((line) => line !== "");
}
