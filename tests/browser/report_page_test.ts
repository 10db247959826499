// The page of the report in a real browser: at a desk and on a phone, light and dark, by keyboard, under attack, on paper.

import { deepEqual, equal, ok } from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { reportPage } from "../../src/render/report/page.ts";
import { startBrowser } from "../../tools/browser.ts";
import { keepPicture, type Look, looks, violations, widthOf, withPage as withFile } from "./looking.ts";
import { sampleReports } from "./reports.ts";

const folder = Deno.makeTempDirSync({ prefix: "bzman-page-" });
let browser: Browser;
const pages: Record<string, string> = {};

Deno.test.beforeAll(async () => {
  for (const [name, report] of Object.entries(sampleReports(folder))) {
    pages[name] = `${folder}/${name}.html`;
    await Deno.writeTextFile(pages[name], await reportPage(report, "0.1.0"));
  }
  browser = await startBrowser();
});

Deno.test.afterAll(async () => {
  await browser.close();
  await Deno.remove(folder, { recursive: true });
});

const withPage = (name: string, look: Look, work: (page: Page) => Promise<void>): Promise<void> =>
  withFile(browser, pages[name] ?? "", look, work);

for (const { width, scheme } of looks) {
  Deno.test(`${width} pixels, ${scheme}: nobody is shut out, and nothing sticks out`, async (test) => {
    for (const name of Object.keys(pages)) {
      await test.step(name, () =>
        withPage(name, { width, scheme }, async (page) => {
          await keepPicture(page, `page-${name}-${width}-${scheme}`);
          deepEqual(await violations(page), []);
          const wide = await widthOf(page);
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
    await keepPicture(page, "page-bad-print");
  }));
