import { localDay } from "../../base/time/calendar.ts";
import type { Ledger } from "../ledger.ts";
import { SqliteBudget } from "./budget/budget.ts";
import { Lease } from "./budget/lease.ts";
import { Changes, fingerprintsOf } from "./core/changes.ts";
import { Database } from "./core/database.ts";
import { WriteBehindQueue } from "./core/writeBehindQueue.ts";
import { SqliteHealth } from "./health/health.ts";
import { nodeProcess, type ProcessIdentity } from "./history/conversations/answering.ts";
import { SqliteHistory } from "./history/history.ts";
import { recover } from "./recovery.ts";

export type OpenLedgerOptions = {
  /** The path (ledgerFile.ts). Missing folders are created. */
  readonly file: string;
  /** True if the user named the file, so that it may be anything: then only a ledger or a new file is opened. */
  readonly isNamed?: boolean | undefined;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new id at each call. Ids in the order of time are the fastest, e.g. UUIDs of version 7. */
  readonly randomId: () => string;
  /** The day of a timestamp, as `2026-11-21`; by default in local time. */
  readonly dayOf?: ((ms: number) => string) | undefined;
  /** 0 to 1. Spreads the retries of several processes. */
  readonly random?: (() => number) | undefined;
  /** How long to wait for another process's lock, in milliseconds. */
  readonly busyLimitMs?: number | undefined;
  /** How often changes of other processes are polled, in milliseconds. */
  readonly pollMs?: number | undefined;
  /** Who this process is for the other ones. */
  readonly process?: ProcessIdentity | undefined;
};

const BUSY_LIMIT_MS = 10_000;

/** At closing, stopped answers have this long to be settled at their cost instead of their last recorded amount. */
const CLOSING_MS = 100;

/**
 * Opens the ledger that all processes of the operating-system user share, and creates it if there is none. A file that is
 * damaged or from a newer version is quarantined, and `notice` reports it. `node:sqlite` is loaded here.
 * @throws LedgerBusy if another process keeps the file locked, ForeignFile, and errors of the file system
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
  const { file, isNamed, now, randomId, dayOf = localDay, random = Math.random, pollMs } = options;
  const { busyLimitMs = BUSY_LIMIT_MS, process = nodeProcess } = options;
  const sqlite = await import("node:sqlite");
  let notice: string | undefined;
  let onReplaced = () => {};
  const database = await Database.open(
    {
      ...{ file, isNamed, now, random, busyLimitMs, sqlite },
      recover: (quarantined, into) => recover(sqlite, quarantined, into, dayOf(now()), now()),
    },
    (replacedNotice) => {
      notice = replacedNotice ?? notice;
      onReplaced();
    },
  );
  const changes = new Changes(
    {
      dataVersion: () => database.tryRead((sql) => sql.dataVersion()),
      fingerprints: () => database.tryRead(fingerprintsOf),
      today: () => dayOf(now()),
    },
    pollMs,
  );
  const lease = new Lease(randomId(), database, changes, now);
  onReplaced = () => {
    lease.forget();
    changes.everything();
  };
  await lease.settleAbandoned();
  const queue = new WriteBehindQueue(database, (error) => {
    notice = lostNotice(error);
    changes.everything();
  });
  const health = new SqliteHealth({ database, changes, queue, now, randomId });
  const budget = new SqliteBudget({
    ...{ database, changes, lease, now, randomId, dayOf },
    onUnwritten(error) {
      notice = unwrittenNotice(error);
      changes.everything();
    },
  });
  lease.start(async () => {
    await budget.retrySettlements();
    await health.renewProbes();
    await queue.flush();
  });
  return {
    budget,
    health,
    history: new SqliteHistory({ database, queue, changes, lease, now, process }),
    get notice() {
      return notice;
    },
    async close() {
      changes.stop();
      await budget.whenIdle(CLOSING_MS);
      try {
        await budget.retrySettlements();
        await lease.end();
        await queue.flush();
      } finally {
        await database.close();
      }
    },
  };
}

function lostNotice(error: unknown): string {
  return `Some of the last decisions are missing from the history: ${messageOf(error)} The budget is not affected.`;
}

function unwrittenNotice(error: unknown): string {
  return `${messageOf(error)} The cost of the last answers stays reserved in the budget, and is booked as soon as possible.`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
