/**
 * The record: every run, what it did to each dataset, pool samples, alerts and the outbox.
 *
 * Nothing here throws for want of a usable database: writes are dropped, reads come back empty, and `troubles` says
 * why.
 *
 * @module
 */

import type { RunRecord } from "../core/record.ts";
import type { ObservedSilence } from "../core/run/observed_silence.ts";
import { Connection, type ConnectionOptions } from "./database/connection.ts";
import { transaction } from "./database/database.ts";
import type { DatabaseError } from "./database/database_errors.ts";
import { pruneRecord } from "./prune_record.ts";
import { RecordStores } from "./record_stores.ts";
import { type IsAlive, repairRuns } from "./repair_runs.ts";
import { claimLiveness, isEndResult, readLiveness, removeLiveness, type RunLiveness } from "./run_liveness.ts";
import { type DatasetDay, type DayQuery, readDatasetDays } from "./tables/dataset_days.ts";
import {
  type DatasetEntry,
  type DatasetFlow,
  type DatasetQuery,
  readCurrent,
  readDatasetFlow,
  readDatasets,
  readDatasetStreaks,
  readSuccesses,
} from "./tables/dataset_rows.ts";
import { writeMeta } from "./tables/meta.ts";
import * as runs from "./tables/runs.ts";
import { readSilence, writeSilence } from "./tables/silence_rows.ts";
import { readUnnotified, setNotified, type UnnotifiedRun } from "./tables/unnotified_runs.ts";

/** The open record. */
export class History extends RecordStores {
  readonly #liveness = new Map<string, RunLiveness>();
  /** The UUIDs of runs whose beginning is recorded. */
  readonly #begun = new Set<string>();
  /** The runs whose end could not be recorded so far. */
  readonly #unrecorded: RunRecord[] = [];

  /** Use {@linkcode openHistory}. */
  constructor(path: string, options: ConnectionOptions) {
    super(new Connection(path, options), options.clock);
  }

  /** The database file. */
  get path(): string {
    return this.connection.path;
  }

  /** Whether there is an open database; writes may fail all the same. */
  get usable(): boolean {
    return this.connection.isOpen;
  }

  /** What went wrong so far, each kind once; `[0]` right after opening says why it could not be opened. */
  get errors(): readonly DatabaseError[] {
    return this.connection.errors;
  }

  /** The jobs of runs whose end could not be recorded; not of those that found the lock taken. */
  get unrecordedJobs(): readonly string[] {
    return this.#unrecorded.filter(({ result }) => result !== "locked").map(({ job }) => job);
  }

  /** Whether nobody else holds the record just now, so that it can be written; asking waits a little. */
  isFree(): boolean {
    return this.connection.use(false, (db) => transaction(db, () => true));
  }

  /** Records that a run has begun, and marks it as living. Returns its id, 0 when it could not be recorded. */
  beginRun(run: RunRecord): number {
    const mark = this.usable ? claimLiveness(this.path, run.uuid) : undefined;
    if (mark !== undefined) this.#liveness.set(run.uuid, mark);
    return this.#saveRun(run);
  }

  /** Records how far a run is. */
  updateRun(run: RunRecord): void {
    this.#saveRun(run);
  }

  /** Records how a run ended, also one whose beginning could not be recorded. Returns its id, or 0. */
  finishRun(run: RunRecord): number {
    this.connection.waitFully();
    const id = this.#saveRun(run);
    this.#ended(run, id);
    return id;
  }

  /** Records the ends of runs that the record did not take before; returns the jobs of those it took now. */
  saveUnrecorded(): string[] {
    return this.#unrecorded.splice(0).filter((run) => {
      const id = run.result === "locked" ? this.#saveLocked(run) : this.#saveRun(run);
      if (id === 0) this.#unrecorded.push(run);
      else removeLiveness(this.path, run.uuid);
      return id !== 0;
    }).map(({ job }) => job);
  }

  #ended(run: RunRecord, id: number): void {
    const mark = this.#liveness.get(run.uuid);
    if (id === 0) this.#unrecorded.push(run);
    // Else whoever finds its beginning in the record would say that it was killed.
    if (id === 0 && this.#begun.has(run.uuid) && isEndResult(run.result)) mark?.leaveResult(run.result);
    else mark?.release();
    this.#liveness.delete(run.uuid);
  }

  #saveRun(run: RunRecord): number {
    const id = this.connection.use(0, (db) => runs.saveRun(db, run, this.clock(), this.#liveness.has(run.uuid)));
    if (id !== 0) this.#begun.add(run.uuid);
    return id;
  }

  #saveLocked(run: RunRecord): number {
    return this.connection.use(0, (db) => runs.saveLocked(db, run, this.clock()));
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
    const mark = (uuid: string) => readLiveness(this.path, uuid);
    const repaired = this.connection.use<RunRecord[]>([], (db) => repairRuns(db, this.clock(), mark, isAlive));
    // Afterwards: what could not be written has to be found again.
    for (const { uuid } of repaired) removeLiveness(this.path, uuid);
    return repaired;
  }

  /** Replications found killed that nobody was told of yet, the oldest first. */
  unnotifiedKilledRuns(): readonly UnnotifiedRun[] {
    return this.connection.use<UnnotifiedRun[]>([], readUnnotified);
  }

  /** Notes that somebody was told of a killed run. */
  markNotified(uuid: string): void {
    this.connection.use(undefined, (db) => setNotified(db, uuid));
  }

  /** Runs, the newest first. */
  runs(query: runs.RunQuery = {}): readonly RunRecord[] {
    return this.connection.use<RunRecord[]>([], (db) => runs.readRuns(db, query));
  }

  /** What happened to datasets, the newest run first. */
  datasets(query: DatasetQuery = {}): readonly DatasetEntry[] {
    return this.connection.use<DatasetEntry[]>([], (db) => readDatasets(db, query));
  }

  /**
   * What the last run of a job that got so far did to each dataset, by name; with `onlySuccess` the newest success of
   * every dataset that the job ever had.
   */
  latestDatasets(job: string, options: { readonly onlySuccess?: boolean } = {}): readonly DatasetEntry[] {
    const read = options.onlySuccess ? readSuccesses : readCurrent;
    return this.connection.use<DatasetEntry[]>([], (db) => read(db, job));
  }

  /** What went into each dataset of a job since a time, by its name on the target. */
  datasetFlow(job: string, since: number): ReadonlyMap<string, DatasetFlow> {
    return this.connection.use(new Map<string, DatasetFlow>(), (db) => readDatasetFlow(db, job, since));
  }

  /** How often each dataset of a job has failed one time after another, up to now, by its name on the target. */
  datasetStreaks(job: string): ReadonlyMap<string, number> {
    return this.connection.use(new Map<string, number>(), (db) => readDatasetStreaks(db, job));
  }

  /** What happened to datasets by day, the oldest first; the last one is not over yet. */
  datasetDays(query: DayQuery = {}): readonly DatasetDay[] {
    return this.connection.use<DatasetDay[]>([], (db) => readDatasetDays(db, query));
  }

  /** The latest run of a job that fully succeeded; of another command than `replicate` where one is named. */
  lastSuccess(job: string, command: RunRecord["command"] = "replicate"): RunRecord | undefined {
    return this.connection.use<RunRecord | undefined>(undefined, (db) => runs.readLastSuccess(db, job, command));
  }

  /** How many replications of a job have failed one after another, up to now. */
  failureStreak(job: string): number {
    return this.connection.use(0, (db) => runs.readFailureStreak(db, job));
  }

  /** Every job that ever replicated, by name; not those that were retired since they last ran. */
  jobs(): readonly runs.KnownJob[] {
    return this.connection.use<runs.KnownJob[]>([], runs.readJobs);
  }

  /** Takes a job out of those that must be up to date, until it runs again. Its runs stay in the record. */
  retireJob(job: string): void {
    this.connection.use(undefined, (db) => writeMeta(db, `retired ${job}`, this.clock()));
  }

  /** The longest silence that is known of a target's streams. */
  silence(key: string): ObservedSilence | undefined {
    return this.connection.use<ObservedSilence | undefined>(undefined, (db) => readSilence(db, key));
  }

  /** Replaces the longest silence that is known of a target's streams; `undefined` forgets it. */
  noteSilence(key: string, silence: ObservedSilence | undefined): void {
    this.connection.use(undefined, (db) => writeSilence(db, key, silence));
  }

  /** Forgets what is older than 400 days, a bounded part of it at a time; returns how many runs. */
  prune(keepMs?: number): number {
    return this.connection.use(0, (db) => pruneRecord(db, this.clock(), keepMs));
  }

  /** Closes the database and ends the marks. Idempotent. */
  close(): void {
    for (const mark of this.#liveness.values()) mark.release();
    this.#liveness.clear();
    this.connection.close();
  }

  /** The same as {@linkcode close}, for `using`. */
  [Symbol.dispose](): void {
    this.close();
  }
}
