import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { onTestFinished } from "vitest";
import { localDay } from "../../src/base/calendar.ts";
import type { ReserveRequest } from "../../src/contract/budget.ts";
import type { BreakerOptions, Health } from "../../src/contract/health.ts";
import type { ModelRef } from "../../src/contract/model.ts";
import type { Ledger } from "../../src/ledger/ledger.ts";
import { Changes } from "../../src/ledger/sqlite/core/changes.ts";
import type { ConnectionOptions } from "../../src/ledger/sqlite/core/connection.ts";
import { Database } from "../../src/ledger/sqlite/core/database.ts";
import { WriteBehindQueue } from "../../src/ledger/sqlite/core/writeBehindQueue.ts";
import { type OpenLedgerOptions, openLedger } from "../../src/ledger/sqlite/open.ts";
import { recover } from "../../src/ledger/sqlite/recovery.ts";

/** A ledger file of its own, with a clock that a test turns; everything is gone when the test is over. */
export type Scene = {
  readonly folder: string;
  readonly file: string;
  readonly clock: { nowMs: number };
  /** Opens the file once more, as another process would. */
  open(options?: Partial<OpenLedgerOptions>): Promise<Ledger>;
  /** The same, by its parts: for what the process does by itself every few seconds, at the test's word. */
  openParts(): Promise<{
    readonly database: Database;
    readonly changes: Changes;
    readonly queue: WriteBehindQueue;
    /** The errors of dropped writes. */
    readonly lost: readonly unknown[];
    readonly now: () => number;
    readonly randomId: () => string;
  }>;
  /** Closes something more when the test is over. */
  closeLater(one: { close(): unknown }): void;
  /** The file as it is, beside every ledger that has it open. */
  raw(): DatabaseSync;
};

let ids = 0;

/** Ids that differ and can be read. */
function nextId(): string {
  ids += 1;
  return `id-${ids}`;
}

/** To be called within a test. */
export function scene(): Scene {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-ledger-"));
  const file = join(folder, "ledger.db");
  const clock = { nowMs: new Date(2026, 10, 21, 12).getTime() };
  const opened: { close(): unknown }[] = [];
  onTestFinished(async () => {
    for (const one of opened) await one.close();
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
    closeLater: (one) => opened.push(one),
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
export function request(changes: Partial<ReserveRequest> = {}): ReserveRequest {
  return {
    ref: "openai/gpt-6-luna",
    maximumNanoUsd: 100,
    minimumNanoUsd: 100,
    limits: { dailyNanoUsd: 1_000 },
    soft: false,
    ...changes,
  };
}

/** Reserves, and fails the test where that is refused. */
export async function holdOf(ledger: Ledger, changes: Partial<ReserveRequest> = {}): Promise<string> {
  const held = await ledger.budget.reserve(request(changes));
  if (held.kind !== "reserved") throw new Error(`The reservation was refused: ${JSON.stringify(held)}`);
  return held.id;
}

/** Reserves and settles, exactly. */
export async function spendOn(
  ledger: Ledger,
  nanoUsd: number,
  changes: Partial<ReserveRequest> = {},
): Promise<string> {
  const id = await holdOf(ledger, { maximumNanoUsd: nanoUsd, minimumNanoUsd: nanoUsd, ...changes });
  await ledger.budget.settle(id, { cost: { kind: "exact", nanoUsd } });
  return id;
}
