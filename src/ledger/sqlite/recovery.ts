import { daysOf, monthOf } from "../../base/time/calendar.ts";
import type { NanoUsd } from "../../contract/money.ts";
import { addToTotals, type SpendEntry, timePrefix } from "./budget/spend.ts";
import type { Recovered } from "./core/connection.ts";
import { int, type Row, Sql, type SqliteModule, text } from "./core/sql.ts";
import { loadHealth, saveHealth } from "./health/storedHealth.ts";

type Total = Omit<SpendEntry, "id" | "conversation"> & {
  readonly nano: NanoUsd;
  readonly attempts: number;
  readonly unknown: number;
};

type OpenReservation = SpendEntry & {
  readonly lease: string;
  readonly reservedNano: NanoUsd;
  readonly soFarNano: NanoUsd;
};

/** The sums of conversations are copied by themselves. */
const NO_CONVERSATION = "";

/** The model of spend of which only the day's sum can be read. */
const UNKNOWN_MODEL = "unknown/unknown";

/**
 * Copies what can be read of a quarantined ledger, so that a damaged file does not reset the budget: this month's spend,
 * what conversations have cost, what counts for the limits of models that others answered for, the open reservations, and the models that the user turned off. Conversations are not
 * copied, but a window that shows one keeps writing to it. A day's spend is the largest of three figures: of its attempts,
 * of its totals by model, and its sum.
 * @param today as `2026-11-21`
 */
export function recover(
  sqlite: SqliteModule,
  quarantined: string,
  into: Sql,
  today: string,
  nowMs: number,
): Recovered {
  const source = new DamagedFile(sqlite, quarantined);
  try {
    const totals = readTotals(source, ...daysOf(monthOf(today)));
    const reservations = source.rows("SELECT * FROM reservation", reservationOf);
    const conversations = readConversations(source);
    const answeredByOther = readAnsweredByOther(source, today);
    const switchedOff = source.rows("SELECT subject FROM health WHERE switched_off = 1", (row) =>
      text(row, "subject"),
    );
    into.transact((sql) => {
      for (const total of totals) addToTotals(sql, { ...total, conversation: NO_CONVERSATION }, total);
      for (const { conversation, day, nano } of conversations) {
        sql.run(
          "INSERT OR IGNORE INTO conversation_total (conversation, day, nano) VALUES (?, ?, ?)",
          ...[conversation, day, nano],
        );
      }
      for (const { day, ref, nano } of answeredByOther) {
        sql.run(
          "INSERT OR IGNORE INTO answered_by_other (day, ref, nano) VALUES (?, ?, ?)",
          ...[day, ref, nano],
        );
      }
      for (const { id, day, ref, route, conversation, lease, reservedNano, soFarNano } of reservations) {
        sql.run("INSERT OR IGNORE INTO lease (id, renewed_ms) VALUES (?, ?)", lease, nowMs);
        sql.run(
          `INSERT OR IGNORE INTO reservation (id, lease, day, ref, route, conversation, reserved_nano, so_far_nano)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
          ...[id, lease, day, ref, route, conversation, reservedNano, soFarNano],
        );
      }
      for (const subject of switchedOff)
        saveHealth(sql, subject, { ...loadHealth(sql, subject), switchedOff: true });
    });
    if (source.isWhole) return "all";
    return totals.length + reservations.length === 0 ? "nothing" : "part";
  } finally {
    source.close();
  }
}

/** A file that may be damaged anywhere. The rows before the damage are returned. */
class DamagedFile {
  readonly #sql: Sql | undefined;
  /** False once anything could not be read. */
  isWhole = true;

  constructor(sqlite: SqliteModule, file: string) {
    try {
      this.#sql = new Sql(new sqlite.DatabaseSync(file, { readOnly: true }));
    } catch {
      this.isWhole = false;
    }
  }

  rows<T>(statement: string, parse: (row: Row) => T, ...values: readonly string[]): readonly T[] {
    const found: T[] = [];
    try {
      for (const row of this.#sql?.each(statement, ...values) ?? []) {
        try {
          found.push(parse(row));
        } catch {
          this.isWhole = false;
        }
      }
    } catch {
      this.isWhole = false;
    }
    return found;
  }

  close(): void {
    this.#sql?.close();
  }
}

function readTotals(source: DamagedFile, first: string, last: string): readonly Total[] {
  const totals = new Map<string, Total>();
  const addLargest = (total: Total) => {
    const before = totals.get(keyOf(total));
    if (before === undefined || before.nano < total.nano) totals.set(keyOf(total), total);
  };
  source.rows("SELECT * FROM total WHERE day BETWEEN ? AND ?", totalOf, first, last).forEach(addLargest);
  const attempts = new Map<string, Total>();
  // From a day earlier, because ids contain the time in UTC, and days are local.
  const fromId = timePrefix(Date.parse(`${first}T00:00:00Z`) - 86_400_000);
  for (const attempt of source.rows("SELECT * FROM spend WHERE id >= ?", attemptOf, fromId)) {
    if (attempt.day < first || attempt.day > last) continue;
    const sum = attempts.get(keyOf(attempt));
    attempts.set(keyOf(attempt), {
      ...attempt,
      nano: attempt.nano + (sum?.nano ?? 0),
      attempts: 1 + (sum?.attempts ?? 0),
      unknown: attempt.unknown + (sum?.unknown ?? 0),
    });
  }
  for (const sum of attempts.values()) addLargest(sum);
  const days = "SELECT * FROM day_total WHERE day BETWEEN ? AND ?";
  for (const { day, nano } of source.rows(days, dayTotalOf, first, last)) {
    const found = [...totals.values()].reduce((sum, total) => sum + (total.day === day ? total.nano : 0), 0);
    if (nano > found)
      addLargest({ day, ref: UNKNOWN_MODEL, route: "", nano: nano - found, attempts: 0, unknown: 0 });
  }
  return [...totals.values()];
}

function keyOf({ day, ref, route }: Total): string {
  return JSON.stringify([day, ref, route]);
}

function totalOf(row: Row): Total {
  const ref = text(row, "ref");
  return {
    ...dayTotalOf(row),
    ref,
    route: routeOf(row),
    attempts: int(row, "attempts"),
    unknown: int(row, "unknown"),
  };
}

function attemptOf(row: Row): Total {
  const isUnknown = row["nano"] === null;
  return {
    day: text(row, "day"),
    ref: text(row, "ref"),
    route: routeOf(row),
    nano: isUnknown ? 0 : amount(row, "nano"),
    attempts: 1,
    unknown: isUnknown ? 1 : 0,
  };
}

/** Ledgers before version 8 have no routes. */
function routeOf(row: Row): string {
  return row["route"] === undefined ? "" : text(row, "route");
}

/** Older ledgers have no conversations there. */
function conversationOf(row: Row): string {
  return row["conversation"] === undefined ? "" : text(row, "conversation");
}

function readConversations(source: DamagedFile) {
  return rowsOf(source, "conversation_total", "SELECT * FROM conversation_total", (row) => ({
    conversation: text(row, "conversation"),
    ...dayTotalOf(row),
  }));
}

/** The limit of a model counts one day. */
function readAnsweredByOther(source: DamagedFile, today: string) {
  const statement = "SELECT * FROM answered_by_other WHERE day = ?";
  const parse = (row: Row) => ({ ref: text(row, "ref"), ...dayTotalOf(row) });
  return rowsOf(source, "answered_by_other", statement, parse, today);
}

/** The rows of a table that older ledgers do not have. */
function rowsOf<T>(
  source: DamagedFile,
  table: string,
  statement: string,
  parse: (row: Row) => T,
  ...values: readonly string[]
): readonly T[] {
  const tables = source.rows("SELECT name FROM sqlite_schema WHERE name = ?", (row) => row, table);
  return tables.length === 0 ? [] : source.rows(statement, parse, ...values);
}

function dayTotalOf(row: Row): Pick<Total, "day" | "nano"> {
  return { day: text(row, "day"), nano: amount(row, "nano") };
}

function reservationOf(row: Row): OpenReservation {
  return {
    ...{ id: text(row, "id"), day: text(row, "day"), ref: text(row, "ref"), route: routeOf(row) },
    conversation: conversationOf(row),
    lease: text(row, "lease"),
    reservedNano: amount(row, "reserved_nano"),
    soFarNano: amount(row, "so_far_nano"),
  };
}

/** A negative amount is damage. */
function amount(row: Row, column: string): NanoUsd {
  const value = int(row, column);
  if (value < 0) throw new RangeError(`${column} is negative.`);
  return value;
}
