/**
 * The options that bzman gives to ssh. Everything else (port, key, jump host, known hosts) is the user's
 * `~/.ssh/config`, as when they type `ssh HOST` themselves.
 *
 * @module
 */

/** What can be set for a connection. */
export interface SshSettings {
  /**
   * The longest wait for the TCP connection, in seconds.
   *
   * @default {10}
   */
  readonly connectSeconds?: number;
  /**
   * A connection that is silent for so long is asked for a sign of life, in seconds.
   *
   * @default {5}
   */
  readonly aliveSeconds?: number;
  /**
   * So many unanswered questions in a row end the connection.
   *
   * @default {6}
   */
  readonly aliveCount?: number;
  /** More options as for `ssh -o`, such as `Port=2222`; they win over the user's file, not over bzman's. */
  readonly options?: readonly string[];
}

// AES-GCM first: with AES instructions it is the fastest by far. The rest keeps old and ARM servers reachable.
const ciphers = [
  "aes128-gcm@openssh.com",
  "aes256-gcm@openssh.com",
  "chacha20-poly1305@openssh.com",
  "aes128-ctr",
  "aes192-ctr",
  "aes256-ctr",
];

/**
 * The options every call has, the master's too.
 *
 * @param ownCiphers Whether bzman chooses the cipher; `false` leaves it to the user's file.
 */
export function sshOptions(settings: SshSettings, ownCiphers: boolean): readonly string[] {
  const options = [
    // Nobody is there to answer a question.
    "BatchMode=yes",
    `ConnectTimeout=${settings.connectSeconds ?? 10}`,
    `ServerAliveInterval=${settings.aliveSeconds ?? 5}`,
    `ServerAliveCountMax=${settings.aliveCount ?? 6}`,
    "Compression=no",
    ...(ownCiphers ? [`Ciphers=${ciphers.join()}`] : []),
    "ForwardAgent=no",
    "ForwardX11=no",
    "ClearAllForwardings=yes",
    "PermitLocalCommand=no",
    "RemoteCommand=none",
    "RequestTTY=no",
    "EscapeChar=none",
    "ControlPersist=no",
    // Not ERROR: it is at INFO that ssh says that the server stopped answering.
    "LogLevel=INFO",
    ...(settings.options ?? []),
  ];
  return options.flatMap((option) => ["-o", option]);
}

/** The command line that opens a master connection, which others share by the socket. It runs until it is ended. */
export function masterArgv(options: readonly string[], socket: string, destination: string): readonly string[] {
  return ["ssh", ...options, "-o", "ControlMaster=yes", "-S", socket, "-N", "--", destination];
}

/**
 * The command line that runs a command, over the master where there is one. ssh opens a connection of its own when the
 * master is gone or refuses one more session.
 *
 * @param command One text, as `formatRemoteScript` makes it: ssh hands it to the login shell as it is.
 */
export function sessionArgv(
  options: readonly string[],
  socket: string | undefined,
  destination: string,
  command: string,
): readonly string[] {
  return ["ssh", ...options, "-o", "ControlMaster=no", "-S", socket ?? "none", "--", destination, command];
}
