import assert from "node:assert/strict";
import { shellFault, sshFault } from "../../../src/hosts/ssh/ssh_faults.ts";

const cases: readonly [stderr: string, errorClass: string, temporary: boolean][] = [
  ["ssh: Could not resolve hostname nowhere: Name or service not known", "ssh-host-unresolvable", false],
  ["ssh: Could not resolve hostname x: Temporary failure in name resolution", "ssh-host-unresolvable", true],
  ["ssh: connect to host target port 22: Connection refused\r", "ssh-unreachable", true],
  ["ssh: connect to host target port 22: No route to host", "ssh-unreachable", true],
  ["ssh: connect to host target port 22: Network is unreachable", "ssh-unreachable", true],
  ["kex_exchange_identification: Connection closed by remote host", "ssh-unreachable", true],
  [
    "kex_exchange_identification: read: Connection reset by peer\nConnection reset by 1.2.3.4 port 22",
    "ssh-unreachable",
    true,
  ],
  ["ssh: connect to host target port 22: Connection timed out", "ssh-timeout", true],
  ["Connection timed out during banner exchange\nConnection to 1.2.3.4 port 22 timed out", "ssh-timeout", true],
  [
    "@@@\n@    WARNING: REMOTE HOST IDENTIFICATION HAS CHANGED!     @\nHost key verification failed.",
    "ssh-host-key",
    false,
  ],
  ["Host key verification failed.", "ssh-host-key", false],
  ["No ED25519 host key is known for target and you have requested strict checking.", "ssh-host-key", false],
  ["A banner\nann@target: Permission denied (publickey,password).", "ssh-auth", false],
  ["Received disconnect from 1.2.3.4 port 22:2: Too many authentication failures", "ssh-auth", false],
  [
    "Unable to negotiate with 1.2.3.4 port 22: no matching host key type found. Their offer: ssh-rsa",
    "ssh-negotiation",
    false,
  ],
  ["/root/.ssh/config: line 3: Bad configuration option: nonsense", "ssh-config", false],
  ["Bad owner or permissions on /root/.ssh/config", "ssh-config", false],
  ["Timeout, server target not responding.", "ssh-lost", true],
  ["client_loop: send disconnect: Broken pipe", "ssh-lost", true],
  ["Connection to target closed by remote host.", "ssh-lost", true],
  ["Connection closed by 1.2.3.4 port 22", "ssh-lost", true],
  ["mux_client_read_packet: read header failed: Broken pipe", "ssh-lost", true],
  ["Read from remote host target: Connection reset by peer", "ssh-lost", true],
  ["words nobody knows", "ssh-lost", true],
  ["", "ssh-lost", true],
];

Deno.test("what OpenSSH says is told apart", () => {
  for (const [stderr, errorClass, temporary] of cases) {
    const fault = sshFault(stderr, 255, "ann@target");
    assert.deepEqual([fault?.errorClass, fault?.temporary], [errorClass, temporary], stderr);
    assert.ok(fault!.why !== "" && !fault!.why.includes("\r") && !fault!.next.includes("{host}"));
  }
});

Deno.test("a command's own status is not ssh's", () => {
  assert.equal(sshFault("ssh: connect to host target port 22: Connection refused", 1), undefined);
  assert.equal(sshFault("", 0), undefined);
  assert.equal(sshFault("", 127), undefined);
  assert.equal(sshFault("", 143)?.errorClass, "ssh-lost");
});

Deno.test("a login shell's refusal is quoted", () => {
  assert.equal(
    shellFault("", "This account is currently not available.\n", 1, "t").why,
    "This account is currently not available.",
  );
  assert.match(shellFault("", "", 5, "t").why, /status 5/);
});
