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
    next: "another receive still runs there, or was cut: run the same command again in a minute",
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
    next: "run the same command again: the token is discarded and the transfer planned anew",
  },
  {
    name: "target-modified",
    pattern: /has been modified\s+since most recent snapshot|most recent snapshot of .* does not\s+match/,
    temporary: false,
    next: "see what changed with 'zfs diff', then choose --on-divergence rollback or keep-both",
  },
  {
    name: "target-exists",
    pattern: /must (?:specify -F|destroy (?:it|them)) to overwrite it|destination already exists/,
    temporary: false,
    next: "the target has data that bzman did not put there: name another target, or rename that dataset",
  },
  {
    name: "target-parent-missing",
    pattern: /unable to restore to destination/,
    temporary: false,
    next: "the pool may have been exported, or the dataset destroyed, during the run: check with 'zfs list' on HOST",
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
    next: "the pool is not imported on HOST: 'zpool import' shows what can be",
  },
  {
    name: "key-not-loaded",
    pattern: /key must be loaded/,
    temporary: false,
    next: "send encrypted data as it is with --raw auto, or load the key with 'zfs load-key DATASET'",
  },
  {
    name: "raw-mismatch",
    pattern:
      /raw receive on top of existing unencrypted|cannot be used to destroy an encrypted|may not be sent with properties without the raw flag|IV set guid mismatch|overwrite an unencrypted one with an encrypted|cannot be set or excluded for raw streams/,
    temporary: false,
    next: "one side is encrypted and the other is not: replicate to a new dataset, as HOST:POOL/NEWNAME",
  },
  {
    name: "quota-exceeded",
    pattern: /quota exceeded/,
    temporary: false,
    next: "raise the quota on HOST with 'zfs set quota=…', then run again: the transfer goes on where it stopped",
  },
  {
    name: "out-of-space",
    pattern: /out of space|No space left on device/,
    temporary: false,
    next: "free space on HOST ('zpool list', 'zfs list -o space'), then run again: the transfer goes on",
  },
  {
    name: "pool-readonly",
    pattern: /pool is read-?only|Read-only file system/i,
    temporary: false,
    next: "import the pool writable: 'zpool export' and 'zpool import'",
  },
  {
    name: "pool-suspended",
    pattern: /pool I\/O is currently suspended|pool is suspended/,
    temporary: false,
    next: "see 'zpool status -x' on HOST; after the disks are back, 'zpool clear POOL'",
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
    next: "a disk may be failing, or data on it be damaged: see 'zpool status -v' on both sides",
  },
  {
    name: "permission-denied",
    pattern: /permission denied|insufficient privileges|Permission denied the ZFS utilities/,
    temporary: false,
    next: "bzman preflight SOURCE TARGET prints the 'zfs allow' lines that are missing: run them as root",
  },
  {
    name: "busy",
    pattern: /dataset is busy|pool or dataset is busy|is busy$/m,
    temporary: true,
    next: "something else uses the dataset, perhaps another replication: run again in a minute",
  },
  {
    name: "held",
    pattern: /it's being held|dependent clones/,
    temporary: false,
    next: "see who holds it with 'zfs holds -r DATASET'",
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
    next: "compare 'zpool get all POOL | grep feature@' on both sides",
  },
  {
    name: "name-too-long",
    pattern: /name is too long|too long/,
    temporary: false,
    next: "ZFS allows 255 bytes with the snapshot's name: choose a shorter target or prefix",
  },
  {
    name: "stream-cut",
    pattern:
      /checksum mismatch or incomplete stream|incomplete stream|failed to read from stream|Partially received snapshot is saved/,
    temporary: true,
    next: "run the same command again: the transfer goes on where it stopped",
  },
  {
    name: "stream-damaged",
    pattern: /invalid stream|bad magic number/,
    temporary: true,
    next: "something on the way altered the stream; if it happens again, run with --debug",
  },
  {
    name: "not-possible",
    pattern:
      /cannot be sent from a bookmark|operation not applicable to datasets of this type|not a valid non-root dataset/,
    temporary: false,
    next: "ZFS was asked what it cannot do: report this as a defect of bzman",
  },
  {
    name: "zfs-not-loaded",
    pattern: /The ZFS modules (?:are not loaded|cannot be auto-loaded)|Try running '.*modprobe zfs'/,
    temporary: false,
    next: "load it on HOST: 'modprobe zfs'",
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
