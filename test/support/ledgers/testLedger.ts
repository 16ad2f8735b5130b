import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { localDay } from "../../../src/base/time/calendar.ts";
import type { ReserveRequest } from "../../../src/contract/budget.ts";
import type { BreakerOptions, Health } from "../../../src/contract/health.ts";
import type { ModelRef } from "../../../src/contract/model.ts";
import type { Ledger } from "../../../src/ledger/ledger.ts";
import { Changes } from "../../../src/ledger/sqlite/core/changes.ts";
import type { ConnectionOptions } from "../../../src/ledger/sqlite/core/connection.ts";
import { Database } from "../../../src/ledger/sqlite/core/database.ts";
import { WriteBehindQueue } from "../../../src/ledger/sqlite/core/writeBehindQueue.ts";
import { type OpenLedgerOptions, openLedger } from "../../../src/ledger/sqlite/open.ts";
import { recover } from "../../../src/ledger/sqlite/recovery.ts";
import { memoryFolder, placeEmptyLedger } from "./emptyLedger.ts";

/** A ledger file with a clock that the test sets. Everything is closed and deleted after the test. */
export type TestLedger = {
  readonly folder: string;
  readonly file: string;
  readonly clock: { nowMs: number };
  /** Opens the file again, as another process would. */
  open(options?: Partial<OpenLedgerOptions>): Promise<Ledger>;
  /** Opens the file for parts that the test builds itself, without the timers of an open ledger. */
  openParts(): Promise<{
    readonly database: Database;
    readonly changes: Changes;
    readonly queue: WriteBehindQueue;
    /** The errors of dropped writes. */
    readonly lost: readonly unknown[];
    readonly now: () => number;
    readonly randomId: () => string;
  }>;
  /** Closes something else after the test. */
  closeLater(resource: { close(): unknown }): void;
  /** A plain SQLite connection to the file. */
  raw(): DatabaseSync;
};

let ids = 0;

/** Unique ids that are easy to read. */
function nextId(): string {
  ids += 1;
  return `id-${ids}`;
}

/** Must be called within a test. `isMissing`: there is no file, and the first process that opens it makes one. */
export function createTestLedger({ isMissing = false } = {}): TestLedger {
  const folder = mkdtempSync(join(memoryFolder, "switchyard-ledger-"));
  const file = join(folder, "ledger.db");
  const clock = { nowMs: new Date(2026, 10, 21, 12).getTime() };
  const opened: { close(): unknown }[] = [];
  if (!isMissing) placeEmptyLedger(file);
  onTestFinished(async () => {
    for (const resource of opened) await resource.close();
    rmSync(folder, { recursive: true });
  });
  return {
    folder,
    file,
    clock,
    async open(options) {
      const ledger = await openLedger({ file, now: () => clock.nowMs, randomId: nextId, ...options });
      opened.push(ledger);
      return ledger;
    },
    async openParts() {
      const sqlite = await import("node:sqlite");
      const now = () => clock.nowMs;
      const options: ConnectionOptions = {
        ...{ file, now, sqlite, random: Math.random, busyLimitMs: 5_000 },
        recover: (quarantined, into) => recover(sqlite, quarantined, into, localDay(now()), now()),
      };
      const database = await Database.open(options, () => {});
      opened.push(database);
      const lost: unknown[] = [];
      const nothing = { dataVersion: () => 0, fingerprints: () => undefined, today: () => "" };
      return {
        database,
        changes: new Changes(nothing),
        queue: new WriteBehindQueue(database, (error) => lost.push(error)),
        lost,
        now,
        randomId: nextId,
      };
    },
    closeLater: (resource) => opened.push(resource),
    raw() {
      const db = new DatabaseSync(file);
      opened.push({ close: () => db.isOpen && db.close() });
      return db;
    },
  };
}

/** Reports one failed attempt to the breaker of a model, or of its provider. */
export function failOnce(
  health: Health,
  ref: ModelRef,
  options: BreakerOptions,
  breaker: "model" | "provider" = "model",
): Promise<void> {
  return health.report({ ref, options }, { kind: "failed", breaker, isProviderReached: false });
}

/** A reservation of 100 nano-dollars, all or nothing, against a day's budget of 1,000. */
export function reserveRequest(changes: Partial<ReserveRequest> = {}): ReserveRequest {
  return {
    ref: "openai/gpt-6-luna",
    maximumNanoUsd: 100,
    minimumNanoUsd: 100,
    limits: { dailyNanoUsd: 1_000 },
    soft: false,
    ...changes,
  };
}

/** Reserves, and fails the test if that is not possible. */
export async function reserveOn(ledger: Ledger, changes: Partial<ReserveRequest> = {}): Promise<string> {
  const reservation = await ledger.budget.reserve(reserveRequest(changes));
  if (reservation.kind !== "reserved")
    throw new Error(`The reservation was refused: ${JSON.stringify(reservation)}`);
  return reservation.id;
}

/** Reserves an amount and settles it exactly. */
export async function spendOn(
  ledger: Ledger,
  nanoUsd: number,
  changes: Partial<ReserveRequest> = {},
): Promise<string> {
  const id = await reserveOn(ledger, { maximumNanoUsd: nanoUsd, minimumNanoUsd: nanoUsd, ...changes });
  await ledger.budget.settle(id, { kind: "exact", nanoUsd });
  return id;
}
