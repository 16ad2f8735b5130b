import { localDay } from "../../base/calendar.ts";
import { Changes } from "../changes.ts";
import type { Ledger } from "../ledger.ts";
import { SqliteBudget } from "./budget.ts";
import { Database } from "./database.ts";
import { dataVersion } from "./dataVersion.ts";
import { SqliteHealth } from "./health.ts";
import { SqliteHistory } from "./history.ts";
import { LaterWrites } from "./laterWrites.ts";
import { Lease } from "./lease.ts";
import { topicMarks } from "./topics.ts";

export type OpenLedgerOptions = {
  /** Where it is (ledgerFile.ts). Its folder is made if need be. */
  readonly file: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A new id at each call, e.g. `crypto.randomUUID`. */
  readonly randomId: () => string;
  /** The day that a moment belongs to, as `2026-11-21`; the local calendar's by default. */
  readonly dayOf?: (ms: number) => string;
  /** 0 to 1, for waits that should not fall together. */
  readonly random?: () => number;
  /** How long a lock of another process is waited for, in milliseconds. */
  readonly busyLimitMs?: number;
  /** How often other processes' changes are looked for while somebody listens, in milliseconds. */
  readonly pollMs?: number;
};

const BUSY_LIMIT_MS = 10_000;

/** How long answers that were stopped have for being settled at what they cost, and not at what their journals say. */
const CLOSING_MS = 100;

/**
 * Opens the ledger, the one truth of all processes of this user; it is made if there is none, and one that is damaged
 * or from a newer version is set aside, which `notice` tells. SQLite is loaded here and not before.
 * @throws LedgerBusy where another process keeps the file locked, and what the file system says where it may not be
 * read or written
 */
export async function openLedger(options: OpenLedgerOptions): Promise<Ledger> {
  const {
    file,
    now,
    randomId,
    dayOf = localDay,
    random = Math.random,
    busyLimitMs = BUSY_LIMIT_MS,
    pollMs,
  } = options;
  const sqlite = await import("node:sqlite");
  let notice: string | undefined;
  let onReplaced = () => {};
  const connect = { file, now, dayOf, random, limitMs: busyLimitMs, sqlite };
  const database = await Database.open(connect, (replaced) => {
    notice = replaced ?? notice;
    onReplaced();
  });
  const changes = new Changes(
    {
      dataVersion: () => database.glance(dataVersion),
      marks: () => database.glance(topicMarks),
      today: () => dayOf(now()),
    },
    pollMs,
  );
  const lease = new Lease(randomId(), database, changes, now);
  onReplaced = () => {
    lease.forgotten();
    changes.everything();
  };
  await lease.settleOrphans();
  const later = new LaterWrites(database, (error) => {
    notice = lostNotice(error);
    changes.everything();
  });
  const health = new SqliteHealth({ database, changes, later, now, randomId });
  const budget = new SqliteBudget({
    ...{ database, changes, lease, now, randomId, dayOf },
    onUnwritten(error) {
      notice = unwrittenNotice(error);
      changes.everything();
    },
  });
  lease.start(async () => {
    await budget.settleAgain();
    await health.renewProbes();
    await later.flush();
  });
  return {
    budget,
    health,
    history: new SqliteHistory(database, later),
    get notice() {
      return notice;
    },
    async close() {
      changes.stop();
      await budget.atRest(CLOSING_MS);
      try {
        await budget.settleAgain();
        await lease.end();
        await later.flush();
      } finally {
        await database.close();
      }
    },
  };
}

/** What a person is told of decisions that could not be written down. */
function lostNotice(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return `Some decisions of the last moments are missing from the history: ${words} What they cost is not affected.`;
}

/** What a person is told of spend that could not be written down. */
function unwrittenNotice(error: unknown): string {
  const words = error instanceof Error ? error.message : String(error);
  return `${words} What the last answers cost stays held in the budget, and is written down as soon as that is possible.`;
}
