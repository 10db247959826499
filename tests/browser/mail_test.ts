// The mail of the report in a real browser, from the very source that goes over the wire: at a desk and on a phone.

import { deepEqual, equal, match, ok } from "node:assert/strict";
import type { Browser } from "playwright-core";
import { composeMail } from "../../src/notify/mail/mime.ts";
import { reportMail } from "../../src/render/report/mail/mail.ts";
import { startBrowser } from "../../tools/browser.ts";
import { mimeParts, shownHtml } from "../support/mime_parts.ts";
import { keepPicture, looks, violations, widthOf, withPage } from "./looking.ts";
import { sampleReports } from "./reports.ts";

const folder = Deno.makeTempDirSync({ prefix: "bzman-mail-" });
let browser: Browser;
const mails: Record<string, string> = {};

Deno.test.beforeAll(async () => {
  for (const [name, report] of Object.entries(sampleReports(folder))) {
    const mail = { ...await reportMail(report), messageId: "<a@b>", at: 0, from: "bzman@alpha", to: ["root"] };
    const source = new TextDecoder().decode(await composeMail(mail, { lineEnd: "\r\n" }));
    mails[name] = `${folder}/${name}.html`;
    await Deno.writeTextFile(mails[name], shownHtml(mimeParts(source)));
  }
  browser = await startBrowser();
});

Deno.test.afterAll(async () => {
  await browser.close();
  await Deno.remove(folder, { recursive: true });
});

for (const { width, scheme } of looks) {
  Deno.test(`${width} pixels, ${scheme}: nobody is shut out, nothing sticks out, nothing is loaded`, async (test) => {
    for (const [name, file] of Object.entries(mails)) {
      await test.step(name, () =>
        withPage(browser, file, { width, scheme }, async (page) => {
          await keepPicture(page, `mail-${name}-${width}-${scheme}`);
          deepEqual(await violations(page), []);
          const wide = await widthOf(page);
          ok(wide <= width, `the mail is ${wide} pixels wide`);
        }));
    }
  });
}

Deno.test("the charts are shown, and say in words what they show", () =>
  withPage(browser, mails["bad"] ?? "", { width: 1280 }, async (page) => {
    const images = page.locator("img");
    equal(await images.count(), 2);
    for (const image of await images.all()) {
      match(await image.getAttribute("alt") ?? "", /^Chart of /);
      ok(await image.evaluate<number, { naturalWidth: number }>(({ naturalWidth }) => naturalWidth) > 500);
    }
  }));

Deno.test("hostile names and hostile output are only text", () =>
  withPage(browser, mails["hostile"] ?? "", { width: 1280 }, async (page) => {
    equal(await page.locator("script, iframe, object, a, style, link").count(), 0);
    ok((await page.locator("pre").first().innerText()).includes('<a href="javascript:alert(3)">'));
  }));
