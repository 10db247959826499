/**
 * How the attempt to send a mail ended, whatever way it took.
 *
 * @module
 */

/** Who a mail is from and for, as the mail server is told. */
export interface Envelope {
  readonly from: string;
  readonly to: readonly string[];
}

/**
 * The end of an attempt. `refused`: this mail, or some of its recipients, are not wanted, while others may well go out;
 * `closed`: the way out does not work at present. `protection`: how a mail was protected on its way to a mail server.
 */
export type Delivery =
  | { readonly kind: "sent"; readonly protection?: string }
  | { readonly kind: "refused"; readonly recipients: readonly string[]; readonly error: string }
  | { readonly kind: "closed"; readonly error: string };

/** A way out for mail. */
export interface MailTransport {
  /** For messages: `/usr/sbin/sendmail`, `mail.example.org:587`. */
  readonly name: string;
  /** How mail is protected on this way: `TLS required`; `undefined` where no network is used. */
  readonly protection?: string;
  /** The domain that recipients without one get; `undefined` leaves that to the mail server of this machine. */
  readonly domain?: string;
  /** Line ends of the message it takes. */
  readonly lineEnd: "\n" | "\r\n";
  /**
   * Sends a composed message. Never throws.
   *
   * @param limitMs The most it may take, in milliseconds.
   */
  send(envelope: Envelope, message: Uint8Array, limitMs: number): Promise<Delivery>;
}
