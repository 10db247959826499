/**
 * Makes the pictures of the README from real output: what `tools/demo DIR` kept as text, shown as a terminal would, and
 * the page that it wrote.
 *
 * Usage: `tools/pictures DIR [REPORT.html]`; the page is `dist/demo-report.html` unless named.
 *
 * @module
 */

import { html } from "hono/html";
import { startBrowser } from "./browser.ts";

const root = new URL("..", import.meta.url).pathname;
const [folder, page = `${root}dist/demo-report.html`] = Deno.args;
if (folder === undefined) {
  console.error("Usage: tools/pictures DIR [REPORT.html]");
  Deno.exit(2);
}
const pictures = `${root}docs/pictures`;

const style = `
* { margin: 0; box-sizing: border-box; }
body { display: inline-block; padding: 28px; background: #e9ecea; }
figure { background: #14181b; color: #d7dcdf; border-radius: 10px; padding: 20px 26px 24px; }
pre { font: 15px/1.55 "DejaVu Sans Mono", ui-monospace, monospace; white-space: pre; }
b { color: #8cc8a4; font-weight: 400; } i { color: #8fa0ad; font-style: normal; }
`;

/** Output as in a terminal: what was typed stands out, what only a log needs steps back. */
function terminal(text: string): string {
  const lines = text.trimEnd().split("\n").map((line) => {
    const prompt = /^(\S+@\S+:~# )(.*)$/.exec(line);
    if (prompt) return html`<b>${prompt[1]}</b>${prompt[2]}\n`;
    const stamp = /^(\d{4}-\d\d-\d\dT[\d:]{8}Z )(.*)$/.exec(line);
    return stamp ? html`<i>${stamp[1]}</i>${stamp[2]}\n` : html`${line}\n`;
  });
  const shown = html`
    <!DOCTYPE html>
    <meta charset="utf-8">
    <style>${style}</style>
    <figure>
      <pre>${lines}</pre>
    </figure>
  `;
  return String(shown);
}

await Deno.mkdir(pictures, { recursive: true });
const browser = await startBrowser();
try {
  for (const [name, kept] of [["run", "second"], ["log", "log"]]) {
    const sheet = await browser.newPage({ viewport: { width: 2400, height: 800 }, deviceScaleFactor: 1.5 });
    await sheet.setContent(terminal(await Deno.readTextFile(`${folder}/${kept}.txt`)));
    await sheet.locator("body").screenshot({ path: `${pictures}/${name}.png` });
    await sheet.close();
  }
  const sheet = await browser.newPage({ viewport: { width: 1200, height: 1160 }, deviceScaleFactor: 1.5 });
  await sheet.goto(`file://${await Deno.realPath(page)}`);
  await sheet.screenshot({ path: `${pictures}/report.png` });
} finally {
  await browser.close();
}
console.log(`made ${pictures}/run.png, log.png and report.png`);
