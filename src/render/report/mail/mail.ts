/**
 * The report as a mail: text, HTML and the images that the HTML shows.
 *
 * @module
 */

import type { Mail, MailImage, SubjectVerdict } from "../../../core/mail.ts";
import type { CheckVerdict } from "../../../core/check.ts";
import type { Report } from "../../../core/report/report.ts";
import { mailSubject } from "../../mail/mail_subject.ts";
import { mailHtml } from "./html.ts";
import { bytesImage, lagImage } from "./images.ts";
import { imageIds } from "./selection.ts";
import { mailText } from "./text.ts";

const verdicts: Readonly<Record<CheckVerdict, SubjectVerdict>> = {
  ok: "OK",
  warning: "WARNING",
  critical: "CRITICAL",
  unknown: "UNKNOWN",
};

/** All of a mail but who it is from and for. */
export async function reportMail(report: Report): Promise<Pick<Mail, "subject" | "text" | "html" | "images">> {
  return {
    subject: mailSubject(verdicts[report.verdict], report.host, `report: ${report.headline}`),
    text: mailText(report),
    html: await mailHtml(report),
    images: report.jobs.flatMap((job, index) => {
      const ids = imageIds(job, index);
      return ids === undefined
        ? []
        : [image(ids.lag, lagImage(job, report)), image(ids.bytes, bytesImage(job, report))];
    }),
  };
}

function image(cid: string, bytes: Uint8Array): MailImage {
  const filename = `${cid.slice(0, cid.indexOf("@"))}.png`;
  return { cid, filename, contentType: "image/png", base64: bytes.toBase64() };
}
