/**
 * The end of the page: what is unusual, and the raw words of what failed.
 *
 * @module
 */

import { html } from "hono/html";
import type { Anomaly, FailureReport, Report } from "../../../core/report/report.ts";
import { badge, counted, type Html, nothing, placeId, plain, plainLines } from "../markup.ts";
import { minuteText, timestampText } from "../timestamps.ts";

const kinds: Readonly<Record<Anomaly["kind"], string>> = {
  delta: "Large increment",
  emptied: "Stopped changing or became empty",
  rate: "Slower",
};

/** What is not as it was. */
export function unusualPart({ anomalies }: Report): Html {
  if (anomalies.length === 0) return nothing;
  return html`
    <section class="card" id="unusual" aria-labelledby="unusual-title">
      <header>
        <h2 id="unusual-title">Unusual</h2>
      </header>
      <ul class="unusual">${anomalies.map(({ kind, subject, text, verdict }, index) =>
        html`<li id="${placeId({ part: "unusual", index })}" tabindex="-1">${
          badge(verdict, kinds[kind])
        }<p><span class="name">${plain(subject)}</span>: ${plain(text)}</p></li>`
      )}</ul>
    </section>
  `;
}

/** What failed, each way once, with what it wrote to standard error. */
export function failuresPart({ failures }: Report): Html {
  if (failures.length === 0) return nothing;
  return html`<section class="card" id="failures" aria-labelledby="failures-title">
<header><h2 id="failures-title">Failures</h2><span class="aside">raw, as the programs wrote it</span></header>
${failures.map(failurePart)}
</section>`;
}

function failurePart(failure: FailureReport, index: number): Html {
  const { count, firstAt, lastAt } = failure;
  const when = count === 1
    ? timestampText(lastAt)
    : `${count} runs, ${minuteText(firstAt)} to ${timestampText(lastAt)}`;
  return html`
    <details class="failure" id="${placeId({ part: "failure", index })}" tabindex="-1" ${failure.isOver
      ? nothing
      : html`
        open
      `}>
    <summary>${badge(failure.isOver ? "notice" : "critical", failure.errorClass)}<span class="what">${plain(
      failure.message,
    )}</span><span class="when">${when}${failure.isOver ? ", resolved" : ", open"}</span></summary>
    ${fields(failure)}
    ${failure.datasets.length === 0 ? nothing : html`
      <h3>${counted(failure.datasets.length, "dataset")}</h3>
      <ul class="names">${failure.datasets.map(({ dataset, message }) =>
        // What the head says already needs no second time.
        html`<li><b>${plain(dataset)}</b> ${message === failure.message ? nothing : plain(message)}</li>`
      )}</ul>
    `}
    ${stderr(failure)}
    </details>
  `;
}

function fields(failure: FailureReport): Html {
  return html`<dl class="rows">
<div><dt>Job</dt><dd>${plain(failure.job)}</dd></div>
<div><dt>Result</dt><dd>${failure.result}</dd></div>
${
    failure.advice === undefined ? nothing : html`
      <div>
        <dt>Next</dt>
        <dd><code>${plainLines(failure.advice)}</code></dd>
      </div>
    `
  }
<div><dt>Run</dt><dd>${failure.runId}, <span class="uuid">${plain(failure.uuid)}</span></dd></div>
</dl>`;
}

function stderr({ stderrTail = "" }: FailureReport): Html {
  const text = plainLines(stderrTail);
  if (text.trim() === "") return html`<p class="none">It wrote nothing to standard error.</p>`;
  return html`
    <h3>Standard error</h3>
    <pre tabindex="0" aria-label="Standard error">${text}</pre>
  `;
}
