import assert from "node:assert/strict";
import { classifyError, errorClasses } from "../../../src/zfs/parsers/error_classes.ts";

const incremental = "cannot receive incremental stream: ";
const fresh = "cannot receive new filesystem stream: ";

/** Every message that was seen, by the class it belongs to. */
const seen: Readonly<Record<string, readonly string[]>> = {
  "partial-state": [
    `${incremental}destination tank/x contains partially-complete state from "zfs receive -s".`,
  ],
  "no-partial-state": [
    "'tank/x' does not have any resumable receive state to abort",
  ],
  "resume-token-invalid": [
    "cannot resume send: resume token is corrupt (incorrect checksum)",
    "cannot resume send: resume token is corrupt (payload is not hex-encoded)",
    "cannot resume send: resume token is corrupt (invalid format)",
    "cannot resume send: 'tank/a@s' used in the initial send no longer exists",
    "cannot resume send: 'tank/a@s' is no longer the same snapshot used in the initial send",
    "cannot receive resume stream: kernel modules must be upgraded to receive this stream.",
  ],
  "target-modified": [
    `${incremental}destination tank/x has been modified\nsince most recent snapshot`,
    `${incremental}most recent snapshot of tank/x does not match incremental source`,
    `${incremental}most recent snapshot of tank/x does not\nmatch incremental source`,
  ],
  "target-exists": [
    "cannot restore to tank/x@4: destination already exists",
    `${fresh}destination 'tank/x' exists\nmust specify -F to overwrite it`,
    `${fresh}destination has snapshots (eg. tank/x@1)\nmust destroy them to overwrite it`,
    "cannot receive resume stream: Resuming recv on existing destination 'p1'\nmust specify -F to overwrite it",
    `${fresh}destination 'tank/x' is a clone\nmust destroy it to overwrite it`,
  ],
  "target-parent-missing": [
    "cannot open 'tank/t/no': dataset does not exist\n" + `${fresh}unable to restore to destination`,
  ],
  "incremental-base-missing": [
    `${incremental}destination 'tank/bk/x/k3' does not exist`,
    "cannot send 'tank/x@2': incremental source (tank/x#b) does not exist",
    "cannot send 'tank/x@2': incremental source (tank/x@1) is not earlier than it",
  ],
  "origin-missing": [
    `${fresh}local origin for clone tank/x@1 does not exist`,
  ],
  "dataset-vanished": [
    "cannot open 'tank/x@nosuch': dataset does not exist",
    "cannot open 'tank/x': dataset does not exist",
    "cannot send tank/src@g recursively: snapshot tank/src/k3@g does not exist",
    "could not find any snapshots to destroy; check snapshot names.",
  ],
  "pool-missing": [
    "cannot open 'tank': no such pool",
  ],
  "key-not-loaded": [
    `${incremental}inherited key must be loaded`,
    "warning: cannot send 'tank/x@1': dataset key must be loaded",
  ],
  "raw-mismatch": [
    `${incremental}cannot perform raw receive on top of existing unencrypted dataset`,
    `${fresh}zfs receive -F cannot be used to destroy an encrypted filesystem or overwrite an unencrypted one with an ` +
    "encrypted one",
    "cannot send tank/x@1: encrypted dataset tank/x may not be sent with properties without the raw flag",
    "encryption property 'encryption' cannot be set or excluded for raw streams.",
  ],
  "quota-exceeded": [
    `${incremental}destination tank/x space quota exceeded.\nPartially received snapshot is saved.`,
  ],
  "out-of-space": [
    `${incremental}out of space`,
    `${incremental}out of space\nPartially received snapshot is saved.\nA resuming stream can be generated on the sending`,
    "cannot create 'tank/x': out of space",
  ],
  "pool-readonly": [
    `${incremental}pool is read-only`,
    "cannot create snapshots : pool is read-only",
  ],
  "io-error": [
    "warning: cannot send 'tank/a@1': Input/output error",
    "cannot iterate filesystems: I/O error",
  ],
  "pool-suspended": [
    "cannot open 'tank': pool I/O is currently suspended",
  ],
  "hold-denied": [
    "cannot hold: permission denied",
  ],
  "permission-denied": [
    "cannot receive compression property on tank/x: permission denied",
    "cannot get used/quota for p2: permission denied",
    "cannot create snapshots : permission denied",
  ],
  "busy": [
    `${incremental}dataset is busy`,
    "cannot destroy 'tank/x/%recv': dataset is busy",
    "cannot destroy 'tank/x@1': dataset is busy",
    "cannot destroy snapshot tank/x@2: dataset is busy",
    "cannot unmount '/tank/x': pool or dataset is busy",
  ],
  "held": [
    "cannot destroy snapshot tank/x@1: it's being held. Run 'zfs holds -r tank/x@1' to see holders.",
    "cannot destroy 'tank/x@1': snapshot has dependent clones\nuse '-R' to destroy the following datasets:\ntank/c",
  ],
  "snapshot-exists": [
    "cannot create snapshot 'tank/x@1': dataset already exists\nno snapshots were created",
  ],
  "already-there": [
    "cannot create bookmark 'tank/x#1': bookmark exists",
    "cannot hold snapshot 'tank/x@1': tag already exists on this dataset",
  ],
  "stream-cut": [
    `${incremental}checksum mismatch or incomplete stream.\nPartially received snapshot is saved.`,
    "cannot receive: failed to read from stream",
    "cannot receive: incomplete stream",
  ],
  "stream-damaged": [
    "cannot receive: invalid stream (bad magic number)",
  ],
  "not-possible": [
    "Error: multiple snapshots cannot be sent from a bookmark.",
    "cannot open 'tank/x': operation not applicable to datasets of this type",
    "k1: not a valid non-root dataset name.",
  ],
  "zfs-not-loaded": [
    "The ZFS modules are not loaded.\nTry running '/sbin/modprobe zfs' as root to load them.",
    "The ZFS modules cannot be auto-loaded.\nTry running 'modprobe zfs' as root to manually load them.",
  ],
  "program-missing": [
    "sh: 1: zfs: not found",
    "bash: line 1: zfs: command not found",
  ],
};

Deno.test("every message that was seen has its class", async (test) => {
  for (const [expected, messages] of Object.entries(seen)) {
    for (const message of messages) {
      await test.step(`${expected}: ${message.slice(0, 60)}`, () => {
        assert.equal(classifyError(message)?.name, expected);
        assert.equal(classifyError(`warning: before it\n${message}\n`)?.name, expected, "among other lines");
      });
    }
  }
});

Deno.test("what passes is tried again, what stays is not", () => {
  const temporary = errorClasses.filter((entry) => entry.temporary).map(({ name }) => name).sort();
  assert.deepEqual(temporary, [
    "busy",
    "dataset-vanished",
    "hold-denied",
    "incremental-base-missing",
    "io-error",
    "no-partial-state",
    "no-resources",
    "origin-missing",
    "partial-state",
    "resume-token-invalid",
    "snapshot-exists",
    "stream-cut",
    "stream-damaged",
  ]);
});

Deno.test("every class has a name of its own and advice", () => {
  assert.equal(new Set(errorClasses.map(({ name }) => name)).size, errorClasses.length);
  for (const { name, next, pattern } of errorClasses) {
    assert.match(name, /^[a-z]+(-[a-z]+)*$/);
    assert.ok(next.length > 20, name);
    assert.ok(!pattern.flags.includes("g"), `${name}: a global pattern remembers where it stopped`);
  }
});

Deno.test("words that nobody has met have no class", () => {
  for (const text of ["", "\n", "something else", "Permission denied, please try again."]) {
    assert.equal(classifyError(text), undefined, text);
  }
});
