import { daysOf, monthOf } from "../../base/calendar.ts";
import { addToTotals, type Held, heldOf, timePrefix } from "./booking.ts";
import type { Sqlite } from "./connection.ts";
import { loadHealth, saveHealth } from "./healthRows.ts";
import { int, type Row, text } from "./rows.ts";
import { Sql } from "./sql.ts";

/** How much of this month's money was read from a ledger that was set aside. */
export type Salvaged = "all" | "part" | "nothing";

type Sums = { readonly day: string; readonly ref: string; readonly route: string; nano: number } & {
  attempts: number;
  unknown: number;
};

/** What stands for the spend of a day of which no more than its sum can be read. */
const REST = { ref: "unknown/unknown", route: "unknown" } as const;

/**
 * Carries over what can be read of a ledger that was set aside, so that its damage is no way round the budget: what was
 * spent this month, what is held just now, and which models the user switched off. Of each day the most that its rows,
 * its sums by model or its sum tell.
 * @param today as `2026-11-21`.
 */
export function salvage(sqlite: Sqlite, aside: string, into: Sql, today: string, nowMs: number): Salvaged {
  const read = new Reading(sqlite, aside);
  try {
    const [first, last] = daysOf(monthOf(today));
    const sums = readSums(read, first, last);
    const held = read.rows("SELECT * FROM reservation", reservationOf);
    const off = read.rows("SELECT subject FROM health WHERE switched_off = 1", (row) => text(row, "subject"));
    into.transact((sql) => {
      for (const sum of sums) addToTotals(sql, sum, sum);
      for (const { id, day, ref, route, decisionId, lease, heldNano, soFarNano } of held) {
        sql.run("INSERT OR IGNORE INTO lease (id, renewed_ms) VALUES (?, ?)", lease, nowMs);
        sql.run(
          "INSERT OR IGNORE INTO reservation (id, lease, day, ref, route, decision_id, held_nano, so_far_nano) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
          ...[id, lease, day, ref, route, decisionId, heldNano, soFarNano],
        );
      }
      for (const subject of off) saveHealth(sql, subject, { ...loadHealth(sql, subject), switchedOff: true });
    });
    if (read.isWhole) return "all";
    return sums.length + held.length === 0 ? "nothing" : "part";
  } finally {
    read.close();
  }
}

/** A file that may be damaged anywhere: what comes before the damage counts. */
class Reading {
  readonly #sql: Sql | undefined;
  /** Nothing was met that could not be read. */
  isWhole = true;

  constructor(sqlite: Sqlite, file: string) {
    try {
      this.#sql = new Sql(new sqlite.DatabaseSync(file, { readOnly: true }));
    } catch {
      this.isWhole = false;
    }
  }

  rows<T>(statement: string, of: (row: Row) => T, ...values: readonly string[]): readonly T[] {
    const found: T[] = [];
    try {
      for (const row of this.#sql?.each(statement, ...values) ?? []) this.#keep(found, () => of(row));
    } catch {
      this.isWhole = false;
    }
    return found;
  }

  #keep<T>(found: T[], one: () => T): void {
    try {
      found.push(one());
    } catch {
      this.isWhole = false;
    }
  }

  close(): void {
    this.#sql?.close();
  }
}

function readSums(read: Reading, first: string, last: string): readonly Sums[] {
  const sums = new Map<string, Sums>();
  const atLeast = (sum: Sums) => {
    const before = sums.get(keyOf(sum));
    if (before === undefined || before.nano < sum.nano) sums.set(keyOf(sum), sum);
  };
  read.rows("SELECT * FROM total WHERE day BETWEEN ? AND ?", sumOf, first, last).forEach(atLeast);
  const spent = new Map<string, Sums>();
  // Begun a day early: ids go by the moment, days by the calendar.
  const from = timePrefix(Date.parse(`${first}T00:00:00Z`) - 86_400_000);
  for (const row of read.rows("SELECT * FROM spend WHERE id >= ?", spendOf, from)) {
    if (row.day < first || row.day > last) continue;
    const sum = spent.get(keyOf(row)) ?? { ...row, nano: 0, attempts: 0, unknown: 0 };
    sum.nano += row.nano;
    sum.attempts += 1;
    sum.unknown += row.unknown;
    spent.set(keyOf(row), sum);
  }
  for (const sum of spent.values()) atLeast(sum);
  for (const { day, nano } of read.rows(
    "SELECT * FROM day_total WHERE day BETWEEN ? AND ?",
    daySumOf,
    first,
    last,
  )) {
    const known = [...sums.values()].reduce((total, sum) => total + (sum.day === day ? sum.nano : 0), 0);
    if (nano > known) atLeast({ day, ...REST, nano: nano - known, attempts: 0, unknown: 0 });
  }
  return [...sums.values()];
}

function keyOf({ day, ref, route }: Pick<Sums, "day" | "ref" | "route">): string {
  return JSON.stringify([day, ref, route]);
}

function sumOf(row: Row): Sums {
  const { day, nano } = daySumOf(row);
  const [attempts, unknown] = [int(row, "attempts"), int(row, "unknown")];
  return { day, ref: text(row, "ref"), route: text(row, "route"), nano, attempts, unknown };
}

function spendOf(row: Row): Sums {
  const unknown = row["nano"] === null ? 1 : 0;
  const nano = unknown === 1 ? 0 : amount(row, "nano");
  return {
    day: text(row, "day"),
    ref: text(row, "ref"),
    route: text(row, "route"),
    nano,
    attempts: 1,
    unknown,
  };
}

function daySumOf(row: Row): { readonly day: string; readonly nano: number } {
  return { day: text(row, "day"), nano: amount(row, "nano") };
}

function reservationOf(
  row: Row,
): Held & { readonly lease: string; readonly heldNano: number; readonly soFarNano: number } {
  const [heldNano, soFarNano] = [amount(row, "held_nano"), amount(row, "so_far_nano")];
  return { ...heldOf(text(row, "id"), row), lease: text(row, "lease"), heldNano, soFarNano };
}

/** No amount is negative: what is, is damage. */
function amount(row: Row, column: string): number {
  const value = int(row, column);
  if (value < 0) throw new RangeError(`${column} is negative.`);
  return value;
}
