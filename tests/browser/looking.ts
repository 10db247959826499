/**
 * Looking at a page with a real browser: what it asks for, what it says against it, and whom it shuts out.
 *
 * @module
 */

import { deepEqual } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";

/** How to look at it. */
export interface Look {
  /** The width of the window, in pixels. */
  readonly width: number;
  /** @default {"light"} */
  readonly scheme?: "light" | "dark";
}

/** At a desk and on a phone, by day and by night. */
export const looks: readonly Required<Look>[] = [
  { width: 1280, scheme: "light" },
  { width: 1280, scheme: "dark" },
  { width: 390, scheme: "light" },
  { width: 390, scheme: "dark" },
];

/** Opens a file, works on it, and proves that it asked for nothing else and met no error. */
export async function withPage(
  browser: Browser,
  file: string,
  look: Look,
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: look.width, height: 844 },
    colorScheme: look.scheme ?? "light",
  });
  const asked: string[] = [];
  const errors: string[] = [];
  // What a page carries within itself is not asked for.
  page.on("request", (request) => request.url().startsWith("data:") || asked.push(request.url()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("dialog", (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`file://${file}`);
  await work(page);
  deepEqual(asked, [`file://${file}`]);
  deepEqual(errors, []);
  await page.close();
}

/** What axe finds wrong, in a word or two each. */
export async function violations(page: Page): Promise<string[]> {
  const axe = await Deno.readTextFile(new URL(import.meta.resolve("axe-core/axe.min.js")));
  // Not as a script of the page, whose own policy forbids any other: from outside, as a developer's console does.
  await page.evaluate(axe);
  const found = await page.evaluate<Violation[]>("axe.run().then(({ violations }) => violations)");
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`);
}

/** What axe tells of one rule. */
interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** How wide the page is: more than its window means that it sticks out. */
export async function widthOf(page: Page): Promise<number> {
  return await page.evaluate<number>("document.documentElement.scrollWidth");
}

/** Keeps a picture of the whole page in the folder that `BZMAN_PICTURES` names, for whoever wants to look. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = Deno.env.get("BZMAN_PICTURES");
  if (folder !== undefined) await page.screenshot({ path: `${folder}/${name}.png`, fullPage: true });
}
