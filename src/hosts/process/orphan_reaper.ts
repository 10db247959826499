/**
 * The keeper: one small `sh` a run that outlives bzman by a few seconds and ends what bzman left behind.
 *
 * SIGKILL gives a program no chance to stop its children, and `setpriv --pdeathsig` is missing on RHEL 8. But the
 * kernel closes the pipes of a killed process: the keeper reads from one, and at its end knows that bzman is gone.
 *
 * @module
 */

import { childEnvironment } from "./environment.ts";
import { shell } from "../../shell.ts";

/** How long processes have between TERM and KILL once bzman is gone, in seconds. */
const graceSeconds = 3;

// A pid alone may have been given to somebody else by the time bzman dies, so each is remembered with its start time
// (field 22 of /proc/PID/stat; the name before it may hold spaces). Watched processes lead groups of their own.
const script = `
trap "" INT TERM HUP QUIT PIPE
all=" "; folders=
begun() {
  s=; { read -r s < "/proc/$1/stat"; } 2>/dev/null || return 1
  s=\${s##*) }; set -- $s
  [ "$1" != Z ] || return 1
  eval 's=\${20}'
}
alive() {
  live=
  for e in $all; do p=\${e%%:*}; if begun "$p" && [ "$p:$s" = "$e" ]; then live="$live $p"; fi; done
  [ -n "$live" ]
}
end() { for p in $live; do kill -s "$1" -- "-$p" 2>/dev/null || kill -s "$1" "$p" 2>/dev/null; done; }
while IFS=" " read -r op what; do
  case $op in
    watch) if begun "$what"; then all="$all$what:$s "; fi ;;
    forget) case $all in *" $what:"*) h=\${all%%" $what:"*}; t=\${all#*" $what:"}; all="$h \${t#* }" ;; esac ;;
    folder) folders=$what ;;
    done) exit 0 ;;
  esac
done
if alive; then
  end TERM
  i=0; while alive && [ $i -lt ${graceSeconds} ]; do sleep 1; i=$((i + 1)); done
  if alive; then end KILL; fi
fi
if [ -n "$folders" ]; then rm -f "$folders"/*; rmdir "$folders"; fi
`;

/** Watches processes on behalf of one bzman. Starts its helper with the first process it is told of. */
export class OrphanReaper implements AsyncDisposable {
  #process: Deno.ChildProcess | undefined;
  #writer: WritableStreamDefaultWriter<Uint8Array> | undefined;
  #closed = false;
  /** What it has not been told, since it could not be started. */
  #untold: string[] = [];
  readonly #start: () => Deno.ChildProcess;

  /** @param start Starts the helper, for tests. */
  constructor(start: () => Deno.ChildProcess = startReaper) {
    this.#start = start;
  }

  /** The helper's process id, for tests; `undefined` before the first {@linkcode watch}. */
  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** From now on the process with this id, which must lead its own group, dies with bzman. */
  watch(pid: number): void {
    this.#tell(`watch ${pid}`);
  }

  /** The process ended by itself. */
  forget(pid: number): void {
    this.#tell(`forget ${pid}`);
  }

  /** A private folder with plain files, to be removed should bzman be killed. One a run. */
  ownFolder(path: string): void {
    this.#tell(`folder ${path}`);
  }

  /** Ends the helper; what is still watched stays alive. Idempotent. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    if (this.#process === undefined) return;
    this.#process.ref();
    try {
      await this.#writer!.write(new TextEncoder().encode("done\n"));
      await this.#writer!.close();
    } catch {
      // Somebody killed the helper; there is nothing left to end.
    }
    await this.#process.status;
  }

  /** See {@linkcode close}. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  // With no process to spare (EAGAIN, ENOMEM) a run goes on without, and the next process is the next try.
  #tell(line: string): void {
    if (this.#closed) return;
    this.#untold.push(line);
    try {
      if (this.#process === undefined) {
        this.#process = this.#start();
        this.#writer = this.#process.stdin.getWriter();
        this.#process.unref();
      }
    } catch {
      return;
    }
    // Not awaited: writes keep their order, and a lost keeper must not hold up a run.
    const text = this.#untold.splice(0).map((one) => `${one}\n`).join("");
    this.#writer!.write(new TextEncoder().encode(text)).catch(() => {});
  }
}

function startReaper(): Deno.ChildProcess {
  return new Deno.Command(shell, {
    args: ["-c", script, "bzman-keeper"],
    clearEnv: true,
    env: childEnvironment(),
    cwd: "/",
    stdin: "piped",
    stdout: "null",
    stderr: "null",
    // A session of its own: neither Ctrl-C nor a closed terminal may take the keeper first.
    detached: true,
  }).spawn();
}
