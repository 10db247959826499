/**
 * The classes of what `zfs` and `zpool` complain of. Every entry was seen on OpenZFS 2.3.9 or stands in the sources
 * named beside it; the first that matches wins.
 *
 * @module
 */

/** A class of error with what it means for a run. */
export interface ErrorClass {
  readonly name: string;
  readonly pattern: RegExp;
  /** Whether the same command may succeed later, unchanged. */
  readonly temporary: boolean;
  /** What to type or do next; `DATASET` and `HOST` stand for those concerned. */
  readonly next: string;
}

/** The table. Sources: `libzfs_sendrecv.c`, `libzfs_dataset.c`, `libzfs_util.c`, `zfs_main.c` of OpenZFS. */
export const errorClasses: readonly ErrorClass[] = [
  {
    name: "partial-state",
    pattern: /contains partially-complete state from/,
    temporary: true,
    next: "another receive still runs there, or was cut; in a minute: run the same command again",
  },
  {
    name: "no-partial-state",
    pattern: /does not have any resumable receive state to abort/,
    temporary: true,
    next: "nothing is left there to discard: run the same command again",
  },
  {
    name: "resume-token-invalid",
    pattern: /resume token is corrupt|cannot resume send:|kernel modules must be upgraded to receive this stream/,
    temporary: true,
    next: "the token is discarded and the transfer is planned again: run the same command again",
  },
  {
    name: "target-modified",
    pattern: /has been modified\s+since most recent snapshot|most recent snapshot of .* does not\s+match/,
    temporary: false,
    next:
      "the target has diverged during the run; the next run tells what it has, and the choices: run the same command again",
  },
  {
    name: "target-exists",
    pattern: /must (?:specify -F|destroy (?:it|them)) to overwrite it|destination already exists/,
    temporary: false,
    next:
      "the target has data that bzman did not put there; the next run tells what it is, and the choices: run the same command again",
  },
  {
    name: "target-parent-missing",
    pattern: /unable to restore to destination/,
    temporary: false,
    next:
      "the pool may have been exported, or the dataset destroyed, during the run; see on HOST what is there: zfs list",
  },
  {
    name: "incremental-base-missing",
    pattern: /incremental source .* does not exist|destination '.*' does not exist|incremental source .*not earlier/,
    temporary: true,
    next: "a snapshot or dataset vanished during the run: run the same command again",
  },
  {
    name: "origin-missing",
    pattern: /local origin for clone .* does not exist/,
    temporary: true,
    next: "the dataset it was cloned from has to arrive first: run the same command again",
  },
  {
    name: "dataset-vanished",
    pattern: /dataset does not exist|snapshot .* does not exist|could not find any snapshots/,
    temporary: true,
    next: "a snapshot or dataset vanished during the run: run the same command again",
  },
  {
    name: "pool-missing",
    pattern: /no such pool/,
    temporary: false,
    next: "the pool is not imported; see on HOST what can be: zpool import",
  },
  {
    name: "key-not-loaded",
    pattern: /key must be loaded/,
    temporary: false,
    next: "load the key on the source: zfs load-key DATASET",
  },
  {
    name: "raw-mismatch",
    pattern:
      /raw receive on top of existing unencrypted|cannot be used to destroy an encrypted|may not be sent with properties without the raw flag|IV set guid mismatch|overwrite an unencrypted one with an encrypted|cannot be set or excluded for raw streams/,
    temporary: false,
    next: "one side is encrypted and the other is not; the next run tells the choices: run the same command again",
  },
  {
    name: "quota-exceeded",
    pattern: /quota exceeded/,
    temporary: false,
    next:
      "see the quotas on HOST: zfs list -o name,quota,refquota,used; raise one, and the transfer resumes where it stopped: run the same command again",
  },
  {
    name: "out-of-space",
    pattern: /out of space|No space left on device/,
    temporary: false,
    next:
      "see what takes the space on HOST: zfs list -o space; free some, and the transfer resumes: run the same command again",
  },
  {
    name: "pool-readonly",
    pattern: /pool is read-?only|Read-only file system/i,
    temporary: false,
    next: "the pool is read-only: export it and import it writable; see on HOST: zpool list -o name,health,readonly",
  },
  {
    name: "pool-suspended",
    pattern: /pool I\/O is currently suspended|pool is suspended/,
    temporary: false,
    next: "see what is wrong on HOST: zpool status -x",
  },
  {
    // libzfs_sendrecv.c: `-I` holds its snapshots; `-i` does not, and serves a user without the allowance.
    name: "hold-denied",
    pattern: /cannot hold[^\n]*permission denied/,
    temporary: true,
    next: "as root: zfs allow -u USER hold,release DATASET; until then every snapshot travels alone",
  },
  {
    // libzfs_sendrecv.c, dump_ioctl(): EIO; libzfs_util.c, EZFS_IO
    name: "io-error",
    pattern: /Input\/output error|I\/O error/,
    temporary: true,
    next: "a disk may be failing, or data on it be damaged: on both sides: zpool status -v",
  },
  {
    name: "permission-denied",
    pattern: /permission denied|insufficient privileges|Permission denied the ZFS utilities/,
    temporary: false,
    next: "run as root the 'zfs allow' lines that this prints: run preflight for the same job",
  },
  {
    name: "busy",
    pattern: /dataset is busy|pool or dataset is busy|is busy$/m,
    temporary: true,
    next: "something else uses the dataset, perhaps another replication; in a minute: run the same command again",
  },
  {
    name: "held",
    pattern: /it's being held|dependent clones/,
    temporary: false,
    next: "see who holds it: zfs holds -r DATASET",
  },
  {
    // libzfs_dataset.c, zfs_snapshot_nvl(): one line for each dataset that has it; then none was made.
    name: "snapshot-exists",
    pattern: /cannot create snapshots?\b[^\n]*already exists/,
    temporary: true,
    next: "another job made snapshots of the same name at the same moment: run the same command again",
  },
  {
    name: "already-there",
    pattern: /bookmark exists|tag already exists on this dataset/,
    temporary: false,
    next: "nothing: what was to be made is there already",
  },
  {
    name: "feature-missing",
    pattern: /unsupported feature|does not support|pool must be upgraded|feature .* not (?:enabled|supported)/i,
    temporary: false,
    next: "compare the features of both pools, on both sides: zpool get all",
  },
  {
    name: "name-too-long",
    pattern: /name is too long|too long/,
    temporary: false,
    next:
      "ZFS allows 255 bytes with the snapshot's name; the next run tells which name is too long: run the same command again",
  },
  {
    name: "stream-cut",
    pattern:
      /checksum mismatch or incomplete stream|incomplete stream|failed to read from stream|Partially received snapshot is saved/,
    temporary: true,
    next: "the transfer resumes where it stopped: run the same command again",
  },
  {
    name: "stream-damaged",
    pattern: /invalid stream|bad magic number/,
    temporary: true,
    next: "something on the way altered the stream; if it happens again: run the same command again with --debug",
  },
  {
    name: "not-possible",
    pattern:
      /cannot be sent from a bookmark|operation not applicable to datasets of this type|not a valid non-root dataset/,
    temporary: false,
    next: "ZFS was asked what it cannot do: report this as a bug in bzman",
  },
  {
    name: "zfs-not-loaded",
    pattern: /The ZFS modules (?:are not loaded|cannot be auto-loaded)|Try running '.*modprobe zfs'/,
    temporary: false,
    next: "load it on HOST: modprobe zfs",
  },
  {
    // strerror() of EAGAIN, ENOMEM, EMFILE and ENFILE, by fork() or exec(); dash and bash before their own words
    name: "no-resources",
    pattern: /Resource temporarily unavailable|Cannot allocate memory|Too many open files|Cannot fork/,
    temporary: true,
    next: "HOST has no process, memory or file to spare: see 'free -m', 'ulimit -u' and 'ps -e | wc -l' there",
  },
  {
    name: "program-missing",
    pattern: /command not found|No such file or directory|not found$/m,
    temporary: false,
    next: "install the program on HOST, in a folder of the system such as /usr/sbin",
  },
];

/**
 * Finds the class of an error.
 *
 * @param stderr What the program wrote to standard error.
 * @returns The first class whose pattern matches, or `undefined` for words never seen before.
 */
export function classifyError(stderr: string): ErrorClass | undefined {
  return errorClasses.find((entry) => entry.pattern.test(stderr));
}
