/** How the handle and the scripts talk to a lab's keeper: one line each way. */

import { controlSocket } from "./folder.ts";

/** What a keeper can be told, each word alone or followed by a host. */
export const orders = [
  "status",
  "cut",
  "heal",
  "power-off",
  "power-on",
  "freeze",
  "thaw",
  "down",
] as const;

/** One thing a keeper can be told. */
export type Order = typeof orders[number];

/** A power cycle takes two seconds; a busy machine needs many times that. */
const limitMs = 120_000;

/** Sends one order to the keeper of a lab and waits until it is carried out. */
export async function tell(folder: string, order: Order, host?: string): Promise<string> {
  using connection = await Deno.connect({ transport: "unix", path: controlSocket(folder) });
  const timer = setTimeout(() => connection.close(), limitMs);
  try {
    const writer = connection.writable.getWriter();
    await writer.write(new TextEncoder().encode(`${order} ${host ?? ""}\n`));
    writer.releaseLock();
    const answer = await firstLine(connection.readable);
    if (answer.startsWith("ok")) return answer.slice(3);
    throw new Error(`lab: ${order} ${host ?? ""}: ${answer || "no answer from the keeper"}`);
  } finally {
    clearTimeout(timer);
  }
}

/** Answers orders at a lab's control socket until the signal says stop. */
export async function answer(
  folder: string,
  carryOut: (order: string, host: string) => Promise<string>,
  signal: AbortSignal,
): Promise<void> {
  const listener = Deno.listen({ transport: "unix", path: controlSocket(folder) });
  signal.addEventListener("abort", () => listener.close());
  try {
    for await (const connection of listener) {
      answerOne(connection, carryOut).catch(() => {/* the asker went away */});
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function answerOne(
  connection: Deno.UnixConn,
  carryOut: (order: string, host: string) => Promise<string>,
): Promise<void> {
  using _closed = connection;
  const [order = "", host = ""] = (await firstLine(connection.readable)).split(" ");
  let line: string;
  try {
    line = `ok ${await carryOut(order, host)}`;
  } catch (error) {
    line = String(error instanceof Error ? error.message : error).replaceAll("\n", " ");
  }
  const writer = connection.writable.getWriter();
  await writer.write(new TextEncoder().encode(`${line}\n`));
  writer.releaseLock();
}

async function firstLine(stream: ReadableStream<Uint8Array<ArrayBuffer>>): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const chunk of stream.values({ preventCancel: true })) {
    text += decoder.decode(chunk, { stream: true });
    if (text.includes("\n")) break;
  }
  return text.split("\n")[0] ?? "";
}
