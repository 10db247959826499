/**
 * The record: every run, what it did to each dataset, pool samples, alerts and the outbox.
 *
 * Nothing here throws for want of a usable database: writes are dropped, reads come back empty, and `troubles` says
 * why.
 *
 * @module
 */

import type { Memory, MemoryStore } from "../core/engine/remembered.ts";
import type { Seen, SeenStore } from "../core/engine/seen.ts";
import type { Silence, SilenceStore } from "../core/engine/silence.ts";
import type { KeptMail, Mail, MailFailure, OutboxStore } from "../core/mail.ts";
import type { RunRecord } from "../core/record.ts";
import * as alerts from "./alert_rows.ts";
import { Connection, type ConnectionOptions } from "./connection.ts";
import { transaction } from "./database.ts";
import { type DatasetDay, type DayQuery, readDatasetDays } from "./dataset_days.ts";
import {
  type DatasetEntry,
  type DatasetFlow,
  type DatasetQuery,
  readCurrent,
  readDatasetFlow,
  readDatasets,
  readDatasetStreaks,
  readSuccesses,
} from "./dataset_rows.ts";
import * as outbox from "./outbox_rows.ts";
import { insertSample, type PoolSample, readLastScrub, readSamples, type SampleQuery } from "./pool_samples.ts";
import { setProgress } from "./progress.ts";
import { pruneRecord } from "./prune.ts";
import { readRemembered, writeRemembered } from "./remembered_rows.ts";
import { type IsAlive, repairRuns } from "./repair.ts";
import { isEndResult, readMark, removeMark, type RunMark, takeMark } from "./run_mark.ts";
import * as runs from "./runs.ts";
import { readSeen, writeSeen } from "./seen_rows.ts";
import { readSilence, writeSilence } from "./silence_rows.ts";
import type { HistoryTrouble } from "./trouble.ts";
import { readUntold, setTold, type UntoldRun } from "./untold.ts";

/** The open record. */
export class History implements OutboxStore, MemoryStore, SeenStore, SilenceStore {
  readonly #connection: Connection;
  readonly #clock: () => number;
  readonly #marks = new Map<string, RunMark>();
  /** The UUIDs of runs whose beginning is recorded. */
  readonly #begun = new Set<string>();
  /** The runs whose end could not be recorded so far. */
  readonly #lost: RunRecord[] = [];

  /** Use {@linkcode openHistory}. */
  constructor(path: string, options: ConnectionOptions) {
    this.#clock = options.clock;
    this.#connection = new Connection(path, options);
  }

  /** The database file. */
  get path(): string {
    return this.#connection.path;
  }

  /** Whether there is an open database; writes may fail all the same. */
  get usable(): boolean {
    return this.#connection.isOpen;
  }

  /** What went wrong so far, each kind once; `[0]` right after opening says why it could not be opened. */
  get troubles(): readonly HistoryTrouble[] {
    return this.#connection.troubles;
  }

  /** The jobs of runs whose end could not be recorded; not of those that found the lock taken. */
  get lost(): readonly string[] {
    return this.#lost.filter(({ result }) => result !== "locked").map(({ job }) => job);
  }

  /** Whether nobody else holds the record just now, so that it can be written; asking waits a little. */
  isFree(): boolean {
    return this.#connection.use(false, (db) => transaction(db, () => true));
  }

  /** Records that a run has begun, and marks it as living. Returns its id, 0 when it could not be recorded. */
  beginRun(run: RunRecord): number {
    const mark = this.usable ? takeMark(this.path, run.uuid) : undefined;
    if (mark !== undefined) this.#marks.set(run.uuid, mark);
    return this.#saveRun(run);
  }

  /** Records how far a run is. */
  updateRun(run: RunRecord): void {
    this.#saveRun(run);
  }

  /** Records how a run ended, also one whose beginning could not be recorded. Returns its id, or 0. */
  finishRun(run: RunRecord): number {
    this.#connection.bePatient();
    const id = this.#saveRun(run);
    this.#ended(run, id);
    return id;
  }

  /** Records the ends of runs that the record did not take before; returns the jobs of those it took now. */
  saveLost(): string[] {
    return this.#lost.splice(0).filter((run) => {
      const id = run.result === "locked" ? this.#saveLocked(run) : this.#saveRun(run);
      if (id === 0) this.#lost.push(run);
      else removeMark(this.path, run.uuid);
      return id !== 0;
    }).map(({ job }) => job);
  }

  #ended(run: RunRecord, id: number): void {
    const mark = this.#marks.get(run.uuid);
    if (id === 0) this.#lost.push(run);
    // Else whoever finds its beginning in the record would say that it was killed.
    if (id === 0 && this.#begun.has(run.uuid) && isEndResult(run.result)) mark?.leave(run.result);
    else mark?.release();
    this.#marks.delete(run.uuid);
  }

  #saveRun(run: RunRecord): number {
    const id = this.#connection.use(0, (db) => runs.saveRun(db, run, this.#clock(), this.#marks.has(run.uuid)));
    if (id !== 0) this.#begun.add(run.uuid);
    return id;
  }

  #saveLocked(run: RunRecord): number {
    return this.#connection.use(0, (db) => runs.saveLocked(db, run, this.#clock()));
  }

  /** Records a run that found the lock taken: one record a holder, whose count grows. Returns its id, or 0. */
  foldLocked(run: RunRecord): number {
    const id = this.#saveLocked(run);
    this.#ended(run, id);
    return id;
  }

  /**
   * Ends the records of runs whose process vanished; returns them. Without `isAlive` their marks decide, which also tell
   * how a run ended whose record could not be written.
   */
  repairKilled(isAlive?: IsAlive): readonly RunRecord[] {
    const mark = (uuid: string) => readMark(this.path, uuid);
    const mended = this.#connection.use<RunRecord[]>([], (db) => repairRuns(db, this.#clock(), mark, isAlive));
    // Afterwards: what could not be written has to be found again.
    for (const { uuid } of mended) removeMark(this.path, uuid);
    return mended;
  }

  /** Replications found killed that nobody was told of yet, the oldest first. */
  untoldKilled(): readonly UntoldRun[] {
    return this.#connection.use<UntoldRun[]>([], readUntold);
  }

  /** Notes that somebody was told of a killed run. */
  killedWasTold(uuid: string): void {
    this.#connection.use(undefined, (db) => setTold(db, uuid));
  }

  /** Runs, the newest first. */
  runs(query: runs.RunQuery = {}): readonly RunRecord[] {
    return this.#connection.use<RunRecord[]>([], (db) => runs.readRuns(db, query));
  }

  /** What happened to datasets, the newest run first. */
  datasets(query: DatasetQuery = {}): readonly DatasetEntry[] {
    return this.#connection.use<DatasetEntry[]>([], (db) => readDatasets(db, query));
  }

  /**
   * What the last run of a job that got so far did to each dataset, by name; with `onlySuccess` the newest success of
   * every dataset that the job ever had.
   */
  latestDatasets(job: string, options: { readonly onlySuccess?: boolean } = {}): readonly DatasetEntry[] {
    const read = options.onlySuccess ? readSuccesses : readCurrent;
    return this.#connection.use<DatasetEntry[]>([], (db) => read(db, job));
  }

  /** What went into each dataset of a job since a time, by its name on the target. */
  datasetFlow(job: string, since: number): ReadonlyMap<string, DatasetFlow> {
    return this.#connection.use(new Map<string, DatasetFlow>(), (db) => readDatasetFlow(db, job, since));
  }

  /** How often each dataset of a job has failed one time after another, up to now, by its name on the target. */
  datasetStreaks(job: string): ReadonlyMap<string, number> {
    return this.#connection.use(new Map<string, number>(), (db) => readDatasetStreaks(db, job));
  }

  /** What happened to datasets by day, the oldest first; the last one is not over yet. */
  datasetDays(query: DayQuery = {}): readonly DatasetDay[] {
    return this.#connection.use<DatasetDay[]>([], (db) => readDatasetDays(db, query));
  }

  /** The latest run of a job that succeeded in whole; of another command than `replicate` where one is named. */
  lastSuccess(job: string, command: RunRecord["command"] = "replicate"): RunRecord | undefined {
    return this.#connection.use<RunRecord | undefined>(undefined, (db) => runs.readLastSuccess(db, job, command));
  }

  /** How many replications of a job have failed one after another, up to now. */
  failureStreak(job: string): number {
    return this.#connection.use(0, (db) => runs.readFailureStreak(db, job));
  }

  /** Every job that ever replicated, by name; not those that were retired since they last ran. */
  jobs(): readonly runs.KnownJob[] {
    return this.#connection.use<runs.KnownJob[]>([], runs.readJobs);
  }

  /** Takes a job out of those that must be up to date, until it runs again. Its runs stay in the record. */
  retireJob(job: string): void {
    this.#connection.use(undefined, (db) => setProgress(db, `retired ${job}`, this.#clock()));
  }

  /** Adds a pool sample. */
  addPoolSample(sample: PoolSample): void {
    this.#connection.use(undefined, (db) => insertSample(db, sample));
  }

  /** Pool samples, the oldest first. */
  poolSamples(query: SampleQuery = {}): readonly PoolSample[] {
    return this.#connection.use<PoolSample[]>([], (db) => readSamples(db, query));
  }

  /** When a pool was last scrubbed in whole, as earlier samples saw it; milliseconds since 1970. */
  lastScrub(host: string, pool: string, poolGuid: string): number | undefined {
    return this.#connection.use<number | undefined>(undefined, (db) => readLastScrub(db, host, pool, poolGuid));
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
    const kept = this.#connection.use<Mail | "none" | undefined>(undefined, (db) => {
      let mail: Mail | undefined;
      alerts.changeAlert(db, key, this.#clock(), (previous) => {
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
    return this.#connection.use<alerts.RecordedAlert | undefined>(undefined, (db) => alerts.readAlert(db, key));
  }

  /** The alerts that are open, the worst first. */
  openAlerts(): readonly alerts.RecordedAlert[] {
    return this.#connection.use<alerts.RecordedAlert[]>([], alerts.readOpenAlerts);
  }

  /** @inheritdoc */
  keepMail(mail: Mail, now: number): boolean {
    return this.#connection.use(false, (db) => {
      outbox.insertMail(db, mail, now);
      return true;
    });
  }

  /** @inheritdoc */
  waitingMails(now: number): readonly KeptMail[] {
    return this.#connection.use<KeptMail[]>([], (db) => outbox.readWaiting(db, now));
  }

  /** How many mails wait to go out. */
  countWaitingMails(): number {
    return this.#connection.use(0, outbox.countWaiting);
  }

  /** @inheritdoc */
  claimMail(id: number, now: number, until: number): boolean {
    return this.#connection.use(false, (db) => outbox.claim(db, id, now, until));
  }

  /** @inheritdoc */
  mailSent(id: number, now: number): void {
    this.#connection.use(undefined, (db) => outbox.setSent(db, id, now));
  }

  /** @inheritdoc */
  mailFailed(id: number, failure: MailFailure): void {
    this.#connection.use(undefined, (db) => outbox.setFailed(db, id, failure));
  }

  /** What is remembered of a target's snapshots. */
  recall(key: string): Memory {
    return this.#connection.use<Memory>(new Map(), (db) => readRemembered(db, key));
  }

  /** Replaces what is remembered of a target's snapshots. */
  remember(key: string, memory: Memory): void {
    this.#connection.use(undefined, (db) => transaction(db, () => writeRemembered(db, key, memory)));
  }

  /** Which snapshots of others a target's source was seen to have; `undefined` where the record cannot be read. */
  seen(key: string): Seen | undefined {
    return this.#connection.use<Seen | undefined>(undefined, (db) => readSeen(db, key));
  }

  /** Replaces which snapshots of others a target's source was seen to have. */
  noteSeen(key: string, seen: Seen): void {
    this.#connection.use(undefined, (db) => transaction(db, () => writeSeen(db, key, seen, this.#clock())));
  }

  /** The longest silence that is known of a target's streams. */
  silence(key: string): Silence | undefined {
    return this.#connection.use<Silence | undefined>(undefined, (db) => readSilence(db, key));
  }

  /** Replaces the longest silence that is known of a target's streams; `undefined` forgets it. */
  noteSilence(key: string, silence: Silence | undefined): void {
    this.#connection.use(undefined, (db) => writeSilence(db, key, silence));
  }

  /** Forgets what is older than 400 days, a bounded part of it at a time; returns how many runs. */
  prune(keepMs?: number): number {
    return this.#connection.use(0, (db) => pruneRecord(db, this.#clock(), keepMs));
  }

  /** Closes the database and ends the marks. Idempotent. */
  close(): void {
    for (const mark of this.#marks.values()) mark.release();
    this.#marks.clear();
    this.#connection.close();
  }

  /** The same as {@linkcode close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
