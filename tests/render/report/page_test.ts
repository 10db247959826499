import { doesNotMatch, equal, match, ok } from "node:assert/strict";
import { buildReport } from "../../../src/core/report/build_report.ts";
import { reportPage } from "../../../src/render/report/page.ts";
import { sampleInput } from "../../core/report/sample_input.ts";
import { hostileReport } from "./hostile.ts";

/** The page without what bzman itself put there as code. */
function withoutOwnCode(page: string): string {
  return page.replace(/<style>[\s\S]*?<\/style>/, "").replace(/<script>[\s\S]*?<\/script>\s*<\/body>/, "</body>");
}

/** Every tag of a page, to compare two pages by. */
function tags(page: string): string[] {
  return [...withoutOwnCode(page).matchAll(/<[^>]*>/g)].map(([tag]) => tag);
}

Deno.test("the page loads nothing and runs only its own script", async () => {
  const page = await reportPage(buildReport(sampleInput()), "0.1.0");
  match(page, /^<!DOCTYPE html>/);
  match(page, /<html lang="en">/);
  match(page, /default-src &#39;none&#39;|default-src 'none'/);
  doesNotMatch(page, /(?:src|href)="(?!#)/);
  doesNotMatch(page, /@import|url\(|https?:/);
  doesNotMatch(page, /undefined|NaN|\[object/);
});

Deno.test("whatever is hostile in the record is text in the page", async () => {
  const page = await reportPage(hostileReport(), "0.1.0");
  for (const tag of tags(page)) {
    doesNotMatch(tag, /^<(?:img|script|iframe|object|base|form)/i);
    // Inside a tag every quote is the end of an attribute of bzman's own.
    doesNotMatch(tag.replaceAll(/="[^"]*"/g, ""), /onerror|javascript:|alert/i);
  }
  equal(page.match(/<script/g)?.length, 1);
  ok(!/\p{Bidi_Control}/u.test(page), "nothing turns the direction of text");
  // deno-lint-ignore no-control-regex
  doesNotMatch(page, /[\x00-\x08\x0b-\x1f]/);
  match(page, /\\u202e/);
});
