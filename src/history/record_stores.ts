/**
 * What the record keeps besides runs: samples of pools, alerts, the outbox, listings, known snapshots.
 *
 * @module
 */

import type { KnownSnapshots, KnownSnapshotsStore } from "../core/inspect/known_snapshots.ts";
import type { ListingCache, ListingCacheStore } from "../core/inspect/listing_cache.ts";
import type { KeptMail, Mail, MailFailure, OutboxStore } from "../core/mail.ts";
import type { Connection } from "./database/connection.ts";
import { transaction } from "./database/database.ts";
import * as alerts from "./tables/alert_rows.ts";
import { readListingCache, writeListingCache } from "./tables/listing_cache_rows.ts";
import * as outbox from "./tables/outbox_rows.ts";
import { insertSample, type PoolSample, readLastScrub, readSamples, type SampleQuery } from "./tables/pool_samples.ts";
import { readKnownSnapshots, writeKnownSnapshots } from "./tables/source_snapshot_rows.ts";

/** The part of the record that other parts of bzman use as stores. */
export abstract class RecordStores implements OutboxStore, ListingCacheStore, KnownSnapshotsStore {
  /** Runs actions on the database, and falls back where it cannot be used. */
  protected readonly connection: Connection;
  /** Milliseconds since 1970. */
  protected readonly clock: () => number;

  constructor(connection: Connection, clock: () => number) {
    this.connection = connection;
    this.clock = clock;
  }

  /** Adds a pool sample. */
  addPoolSample(sample: PoolSample): void {
    this.connection.use(undefined, (db) => insertSample(db, sample));
  }

  /** Pool samples, the oldest first. */
  poolSamples(query: SampleQuery = {}): readonly PoolSample[] {
    return this.connection.use<PoolSample[]>([], (db) => readSamples(db, query));
  }

  /** When a pool was last scrubbed in whole, as earlier samples saw it; milliseconds since 1970. */
  lastScrub(host: string, pool: string, poolGuid: string): number | undefined {
    return this.connection.use<number | undefined>(undefined, (db) => readLastScrub(db, host, pool, poolGuid));
  }

  /**
   * Decides about an alert, knowing its state, and keeps the new state and its mail together.
   *
   * @returns The mail and whether it is kept in the outbox; one that is not has to go directly. `recorded`: whether the
   *   new state is kept, with or without a mail.
   */
  changeAlert(
    key: string,
    decide: (previous: alerts.RecordedAlert["state"] | undefined) => alerts.AlertChange,
  ): { readonly mail: Mail | undefined; readonly kept: boolean; readonly recorded: boolean } {
    const kept = this.connection.use<Mail | "none" | undefined>(undefined, (db) => {
      let mail: Mail | undefined;
      alerts.changeAlert(db, key, this.clock(), (previous) => {
        const change = decide(previous);
        mail = change.mail;
        return change;
      });
      return mail ?? "none";
    });
    if (kept === undefined) return { mail: decide(undefined).mail, kept: false, recorded: false };
    return { mail: kept === "none" ? undefined : kept, kept: kept !== "none", recorded: true };
  }

  /** One alert, or `undefined` when nothing was ever wrong there. */
  alert(key: string): alerts.RecordedAlert | undefined {
    return this.connection.use<alerts.RecordedAlert | undefined>(undefined, (db) => alerts.readAlert(db, key));
  }

  /** The alerts that are open, the worst first. */
  openAlerts(): readonly alerts.RecordedAlert[] {
    return this.connection.use<alerts.RecordedAlert[]>([], alerts.readOpenAlerts);
  }

  /** @inheritdoc */
  keepMail(mail: Mail, now: number): boolean {
    return this.connection.use(false, (db) => {
      outbox.insertMail(db, mail, now);
      return true;
    });
  }

  /** @inheritdoc */
  waitingMails(now: number): readonly KeptMail[] {
    return this.connection.use<KeptMail[]>([], (db) => outbox.readWaiting(db, now));
  }

  /** How many mails wait to go out. */
  countWaitingMails(): number {
    return this.connection.use(0, outbox.countWaiting);
  }

  /** @inheritdoc */
  claimMail(id: number, now: number, until: number): boolean {
    return this.connection.use(false, (db) => outbox.claim(db, id, now, until));
  }

  /** @inheritdoc */
  mailSent(id: number, now: number): void {
    this.connection.use(undefined, (db) => outbox.setSent(db, id, now));
  }

  /** @inheritdoc */
  mailFailed(id: number, failure: MailFailure): void {
    this.connection.use(undefined, (db) => outbox.setFailed(db, id, failure));
  }

  /** What is remembered of a target's snapshots. */
  readListings(key: string): ListingCache {
    return this.connection.use<ListingCache>(new Map(), (db) => readListingCache(db, key));
  }

  /** Replaces what is remembered of a target's snapshots. */
  storeListings(key: string, memory: ListingCache): void {
    this.connection.use(undefined, (db) => transaction(db, () => writeListingCache(db, key, memory)));
  }

  /** Which snapshots of others a target's source was seen to have; `undefined` where the record cannot be read. */
  knownSnapshots(key: string): KnownSnapshots | undefined {
    return this.connection.use<KnownSnapshots | undefined>(undefined, (db) => readKnownSnapshots(db, key));
  }

  /** Replaces which snapshots of others a target's source was seen to have. */
  storeKnownSnapshots(key: string, seen: KnownSnapshots): void {
    this.connection.use(undefined, (db) => transaction(db, () => writeKnownSnapshots(db, key, seen, this.clock())));
  }
}
