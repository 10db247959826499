/**
 * What bzman may do, as data: the one list from which the flags of `deno compile`, of the packaged file and of every
 * run from a checkout are made (`tools/permissions.ts`), and in which a program is looked up before it is started.
 *
 * Reading, writing and the network stay unscoped, and honestly so: `--db`, `--config` and `--output` name any file, and
 * mail goes to any SMTP host. Native libraries and remote imports stay forbidden.
 *
 * @module
 */

/** Every program that bzman starts on this machine, and no other; what its shell scripts call runs through `sh`. */
export const programs = [
  "cat",
  "date",
  "id",
  "logger",
  "mbuffer",
  "sendmail",
  "sh",
  "ssh",
  "unshare",
  "zfs",
  "zpool",
] as const;

/** One of the {@linkcode programs}. */
export type Program = typeof programs[number];

/**
 * Where programs are looked for, first match wins. The PATH does not count: cron's lacks the `sbin` folders, and what
 * root runs is not for the environment to say.
 */
export const programFolders = [
  "/usr/local/sbin",
  "/usr/local/bin",
  "/usr/sbin",
  "/usr/bin",
  "/sbin",
  "/bin",
] as const;

/**
 * The environment variables that bzman sees; a star stands for any ending. Every other one reads as unset, so that a
 * secret in root's environment is not bzman's to leak.
 */
export const environment = [
  "BZMAN_*",
  "COLORTERM",
  "COLUMNS",
  "CREDENTIALS_DIRECTORY",
  "FORCE_COLOR",
  "HOME",
  "INVOCATION_ID",
  "JOURNAL_STREAM",
  "KRB5CCNAME",
  "LANG",
  "LC_*",
  "LINES",
  "LOGNAME",
  "MAILTO",
  "NO_COLOR",
  "PATH",
  "SHELL",
  "SSH_*",
  "SUDO_USER",
  "TERM",
  "TMPDIR",
  "TZ",
  "USER",
  "XDG_*",
] as const;

/** What bzman asks the operating system about itself. */
export const systemInterfaces = ["hostname", "uid", "gid", "networkInterfaces", "osRelease"] as const;
