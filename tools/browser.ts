/**
 * A real browser for tests and pictures, installed when it is missing.
 *
 * @module
 */

import { type Browser, chromium } from "playwright-core";

const flags = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** Starts Chromium with a profile of its own; close it in the end. */
export async function startBrowser(): Promise<Browser> {
  const tools = new URL("packages", import.meta.url).pathname;
  const { success } = await new Deno.Command(tools, { args: ["chromium"], stdin: "null" }).output();
  if (!success) throw new Error("Chromium is not there and cannot be installed");
  return await chromium.launch({ executablePath: "/usr/bin/chromium", args: flags, timeout: 120_000 });
}
