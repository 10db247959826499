/**
 * Mail through the `sendmail` program of whatever mail server the machine has.
 *
 * @module
 */

import { endChild, startReader } from "../child_input.ts";
import type { Delivery, Envelope, MailTransport } from "./delivery.ts";

/** Exit statuses of sysexits.h that blame the mail or its recipients, not the machine. */
const refusals = new Set([65, 67, 68]);
/** So much of its standard error is kept, in bytes. */
const tailBytes = 2_048;

/** The way through a `sendmail` program at an absolute path. */
export function sendmailTransport(program: string): MailTransport {
  return {
    name: program,
    lineEnd: "\n",
    send: (envelope, message, limitMs) => send(program, envelope, message, limitMs),
  };
}

async function send(program: string, envelope: Envelope, message: Uint8Array, limitMs: number): Promise<Delivery> {
  let child: Deno.ChildProcess;
  try {
    // -i: a line with a single dot does not end the message. The recipients are arguments, not read from the header.
    child = startReader(program, ["-i", "-f", envelope.from, ...envelope.to], "piped");
  } catch (error) {
    return { kind: "closed", error: `${program} cannot be started: ${words(error)}` };
  }
  let ending: Promise<void> | undefined;
  const timer = setTimeout(() => ending = endChild(child, 1_000), limitMs);
  const tail = readTail(child.stderr);
  const feeding = feed(child.stdin, message);
  const status = await child.status;
  // A program left behind may hold the pipe and not read it; what nobody has read by now is read by nobody.
  await soon(feeding.done);
  feeding.stop();
  clearTimeout(timer);
  await ending;
  const said = await tail.soon();
  if (ending !== undefined) {
    return { kind: "closed", error: `${program} took longer than ${Math.round(limitMs / 1000)} s and was stopped` };
  }
  if (status.success) return { kind: "sent" };
  const error = `${program} ended with status ${status.code}${said === "" ? "" : `: ${said}`}`;
  return refusals.has(status.code) ? { kind: "refused", recipients: envelope.to, error } : { kind: "closed", error };
}

/** Writes a message; `done` never rejects, and `stop` gives up what is not written by then. */
function feed(stdin: WritableStream<Uint8Array>, message: Uint8Array): { done: Promise<void>; stop(): void } {
  const writer = stdin.getWriter();
  const done = writer.write(message).then(() => writer.close()).catch(() => {
    // It did not read to the end; its exit status says why.
  });
  return { done, stop: () => void writer.abort().catch(() => {}) };
}

/** Collects the end of a stream. A program left behind may keep it open, so the end of `sendmail` is the end of it. */
function readTail(stream: ReadableStream<Uint8Array>): { soon(): Promise<string> } {
  const reader = stream.getReader();
  let bytes = new Uint8Array();
  const done = (async () => {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      bytes = new Uint8Array([...bytes, ...part.value]).slice(-tailBytes);
    }
  })().catch(() => {});
  return {
    async soon(): Promise<string> {
      await soon(done);
      await reader.cancel().catch(() => {});
      return new TextDecoder().decode(bytes).trim().replaceAll(/\s*\n\s*/g, "; ");
    },
  };
}

/** Waits for what should be over by now. */
async function soon(ending: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  await Promise.race([ending, new Promise((resolve) => timer = setTimeout(resolve, 250))]);
  clearTimeout(timer);
}

function words(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
