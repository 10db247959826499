/**
 * A mail as bzman keeps it: its parts, not yet the text that goes over the wire. The outbox stores it in this form, so
 * that a mail can be kept even when nothing that composes or sends one works.
 *
 * @module
 */

/** The verdict that a subject begins with. */
export type SubjectVerdict = "OK" | "WARNING" | "CRITICAL" | "UNKNOWN";

/** An image that the HTML part shows by `cid:` reference. */
export interface MailImage {
  /** The content identifier, without angle brackets. */
  readonly cid: string;
  readonly filename: string;
  /** Such as `image/png`. */
  readonly contentType: string;
  /** The bytes, in base64. */
  readonly base64: string;
}

/** A mail, ready to be composed. */
export interface Mail {
  /** With angle brackets. Made once and never again, so that a mail sent twice is recognised as one. */
  readonly messageId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  readonly html?: string;
  readonly images?: readonly MailImage[];
}

/** A mail in the outbox with the story of its attempts. */
export interface KeptMail {
  readonly id: number;
  readonly mail: Mail;
  /** Who must still get it: shrinks when a server takes it for some and refuses others. */
  readonly to: readonly string[];
  readonly attempts: number;
  /** Not to be tried before, milliseconds since 1970. */
  readonly nextTryAt: number;
  readonly lastError?: string;
  /** The last attempt failed because of this mail, and not because no mail could go out. */
  readonly refused: boolean;
}

/** An attempt to send a mail that failed. */
export interface MailFailure {
  readonly error: string;
  /** Milliseconds since 1970. */
  readonly nextTryAt: number;
  /** Who must still get it. */
  readonly to: readonly string[];
  readonly refused: boolean;
}

/** What the outbox needs from the record. */
export interface OutboxStore {
  /** Keeps a mail. False when the record cannot be used: the mail has to go directly. */
  keepMail(mail: Mail, now: number): boolean;
  /** Mails not yet sent and not in another process's hands, oldest first. */
  waitingMails(now: number): readonly KeptMail[];
  /** Takes a mail in hand until a time. False when another process has it, or it is sent. */
  claimMail(id: number, now: number, until: number): boolean;
  mailSent(id: number, now: number): void;
  /** Gives a mail back after an attempt that failed. */
  mailFailed(id: number, failure: MailFailure): void;
}
