// The page of the report in a real browser: at a desk and on a phone, light and dark, by keyboard, under attack, on paper.

import { deepEqual, equal, ok } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { buildReport } from "../../src/core/report/build_report.ts";
import type { Report } from "../../src/core/report/report.ts";
import { readReportInput } from "../../src/commands/report_input.ts";
import { openHistory } from "../../src/history/open.ts";
import { reportPage } from "../../src/render/report/page.ts";
import { fillRecord } from "../support/filled_record.ts";
import { hostileReport } from "../render/report/hostile.ts";
import { startBrowser } from "../../tools/browser.ts";

const now = Date.UTC(2026, 10, 22, 6, 4, 10);
const folder = Deno.makeTempDirSync({ prefix: "bzman-page-" });
let browser: Browser;
const pages: Record<string, string> = {};

/** A month of a small department, from a record like a real one. */
function month(night: "quiet" | "bad"): Report {
  using history = openHistory(`${folder}/${night}.db`, { clock: () => now });
  fillRecord(history, { now, night, days: 8 });
  return buildReport(readReportInput(history, { now, sinceMs: 86_400_000, host: "alpha" }));
}

Deno.test.beforeAll(async () => {
  const reports = { quiet: month("quiet"), bad: month("bad"), hostile: hostileReport() };
  for (const [name, report] of Object.entries(reports)) {
    pages[name] = `${folder}/${name}.html`;
    await Deno.writeTextFile(pages[name], await reportPage(report, "0.1.0"));
  }
  browser = await startBrowser();
});

Deno.test.afterAll(async () => {
  await browser.close();
  await Deno.remove(folder, { recursive: true });
});

/** Opens a page, works on it, and proves that it asked for nothing else and met no error. */
async function withPage(
  name: string,
  look: { width: number; scheme?: "light" | "dark" },
  work: (page: Page) => Promise<void>,
): Promise<void> {
  const page = await browser.newPage({
    viewport: { width: look.width, height: 844 },
    colorScheme: look.scheme ?? "light",
  });
  const asked: string[] = [];
  const errors: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("dialog", (dialog) => {
    errors.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(`file://${pages[name]}`);
  await work(page);
  deepEqual(asked, [`file://${pages[name]}`]);
  deepEqual(errors, []);
  await page.close();
}

/** What axe finds wrong, in a word or two each. */
async function violations(page: Page): Promise<string[]> {
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

const looks = [[1280, "light"], [1280, "dark"], [390, "light"], [390, "dark"]] as const;

for (const [width, scheme] of looks) {
  Deno.test(`${width} pixels, ${scheme}: nobody is shut out, and nothing sticks out`, async (test) => {
    for (const name of Object.keys(pages)) {
      await test.step(name, () =>
        withPage(name, { width, scheme }, async (page) => {
          deepEqual(await violations(page), []);
          const wide = await page.evaluate<number>("document.documentElement.scrollWidth");
          ok(wide <= width, `the page is ${wide} pixels wide`);
        }));
    }
  });
}

Deno.test("a quiet night is told above the fold", () =>
  withPage("quiet", { width: 390 }, async (page) => {
    equal(await page.locator("h1").innerText(), "OK. All 10 datasets are protected");
    ok(await page.locator(".figures").isVisible());
  }));

Deno.test("a bad night leads to the cause in two clicks", () =>
  withPage("bad", { width: 1280 }, async (page) => {
    equal((await page.locator("h1").innerText()).startsWith("Critical."), true);
    await page.locator(".reasons a", { hasText: "Show the cause" }).first().click();
    const stderr = page.locator("#failure-1 pre");
    await stderr.waitFor({ state: "visible" });
    ok((await stderr.innerText()).includes("space quota exceeded"));
    // One that is over is folded until its link is followed.
    const over = page.locator("details.failure:not([open])").first();
    const id = await over.getAttribute("id");
    await page.locator(`.reasons a[href="#${id}"]`).first().click();
    await page.locator(`#${id} pre`).waitFor({ state: "visible" });
  }));

/** Whether the keyboard is at the filter. */
const isFocused = (page: Page) => page.evaluate<boolean>("document.activeElement.matches('[data-filter]')");

const names = (page: Page) => page.locator(".job tbody tr:visible .name").allInnerTexts();

Deno.test("tables sort, by mouse and by keyboard", () =>
  withPage("quiet", { width: 1280 }, async (page) => {
    const sent = page.getByRole("columnheader", { name: "Sent" }).first();
    await sent.getByRole("button").click();
    equal(await sent.getAttribute("aria-sort"), "descending");
    equal((await names(page))[0], "tank/vm/db");
    await sent.getByRole("button").focus();
    await page.keyboard.press("Enter");
    equal(await sent.getAttribute("aria-sort"), "ascending");
    equal((await names(page)).at(-1), "tank/vm/db");
    const dataset = page.getByRole("columnheader", { name: "Dataset" }).first();
    await dataset.getByRole("button").focus();
    await page.keyboard.press("Space");
    equal(await sent.getAttribute("aria-sort"), null);
    deepEqual(await names(page), (await names(page)).toSorted());
  }));

Deno.test("the filter keeps the failures, by keyboard alone", () =>
  withPage("bad", { width: 1280 }, async (page) => {
    equal((await names(page)).length, 10);
    const button = page.getByRole("button", { name: /Only failures \(1\)/ });
    for (let tabs = 0; tabs < 40 && !await isFocused(page); tabs += 1) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    equal(await button.getAttribute("aria-pressed"), "true");
    deepEqual(await names(page), ["tank/vm/build"]);
    equal(await page.locator(".filter [role=status]").first().innerText(), "1 of 10 shown");
    await page.keyboard.press("Enter");
    equal((await names(page)).length, 10);
  }));

Deno.test("hostile names and hostile output are only text", () =>
  withPage("hostile", { width: 1280 }, async (page) => {
    equal(await page.locator("img, iframe, object").count(), 0);
    equal(await page.locator("script").count(), 1);
    ok((await page.title()).includes("<script>"));
    ok((await page.locator("pre").first().innerText()).includes('<a href="javascript:alert(3)">'));
    ok((await names(page)).some((name) => name.includes("onerror=alert(1)")));
    // Every link of the page leads into the page.
    const links = await page.locator("a").evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
    deepEqual(links.filter((link) => !/^#[a-z0-9-]+$/.test(link)), []);
  }));

Deno.test("without scripts all is readable", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`file://${pages["bad"]}`);
  equal((await page.locator(".job tbody tr").count()) >= 10, true);
  equal(await page.locator(".filter").first().isVisible(), false);
  equal(await page.locator("#failure-1 pre").isVisible(), true);
  await context.close();
});

Deno.test("on paper everything is open, and it is white", () =>
  withPage("bad", { width: 1000 }, async (page) => {
    await page.emulateMedia({ media: "print", colorScheme: "light" });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    equal(await page.locator("details:not([open])").count(), 0);
    equal(await page.locator("nav").isVisible(), false);
    const ground = await page.evaluate<string>("getComputedStyle(document.documentElement).backgroundColor");
    equal(ground, "rgb(255, 255, 255)");
  }));
