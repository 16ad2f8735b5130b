import { setTimeout } from "node:timers/promises";
import type {
  Budget,
  BudgetScope,
  Reservation,
  ReserveRequest,
  Spend,
  SpendRow,
} from "../../../contract/budget.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { Cost, NanoUsd } from "../../../contract/money.ts";
import type { Changes } from "../core/changes.ts";
import type { Database } from "../core/database.ts";
import { isTemporary } from "../core/errors.ts";
import { int, type Sql } from "../core/sql.ts";
import type { Lease } from "./lease.ts";
import { lowered, overrunFactors, permilleFor, raised, recordExactCost } from "./overrun.ts";
import { type Room, roomsFor, spentIn } from "./room.ts";
import {
  entryOf,
  recordAnsweredByOther,
  recordCost,
  type SpendEntry,
  spendIn,
  spendRows,
  timePrefix,
  updateAbandoned,
} from "./spend.ts";

export type BudgetParts = {
  readonly database: Database;
  readonly changes: Changes;
  readonly lease: Lease;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly randomId: () => string;
  readonly dayOf: (ms: number) => string;
  /** Called when a settlement could not be written; it is tried again later. */
  readonly onUnwritten?: ((error: unknown) => void) | undefined;
};

const IDLE_POLL_MS = 5;

type Unsettled = { readonly id: string; readonly cost: Cost; readonly answeredBy: ModelRef | undefined };

/**
 * The budget of the operating-system user, exact over all processes. The cost of an attempt is recorded on the day of its
 * reservation, even if it ends after midnight, because it was checked against that day's limit: no day exceeds its own.
 */
export class SqliteBudget implements Budget {
  readonly #parts: BudgetParts;
  /** The open reservations of this process. Needed if the file is replaced before they are settled. */
  readonly #open = new Map<string, SpendEntry>();
  /** Settlements that are being written. What was spent is read after them. */
  readonly #settling = new Set<Promise<void>>();
  /** Settlements that could not be written. Their reservations stay in place until they are. */
  #unsettled: readonly Unsettled[] = [];

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  async reserve(request: ReserveRequest): Promise<Reservation> {
    assertAmount(request.maximumNanoUsd);
    assertAmount(request.minimumNanoUsd);
    if (request.inputNanoUsd !== undefined) assertAmount(request.inputNanoUsd);
    if (this.#unsettled.length > 0) await this.retrySettlements();
    const first = await this.#tryToReserve(request);
    if (first.kind !== "blocked" || (await this.#parts.lease.settleAbandoned()) === 0) return first;
    return await this.#tryToReserve(request);
  }

  /** A temporary failure is ignored: the next call makes up for it. */
  async progress(id: string, nanoUsd: NanoUsd): Promise<void> {
    assertAmount(nanoUsd);
    const { database, changes } = this.#parts;
    try {
      const isRaised = await database.write((sql) => {
        if (sql.run("UPDATE reservation SET so_far_nano = ? WHERE id = ?", nanoUsd, id) > 0) return false;
        return updateAbandoned(sql, id, nanoUsd);
      });
      if (isRaised) changes.own("budget");
    } catch (error) {
      if (!isTemporary(error)) throw error;
    }
  }

  /**
   * A settlement that cannot be written at the moment (the disk is full, the file is locked) is kept and tried again: no
   * answer fails because of it, and no spend is lost.
   * @throws Error for an id that was never reserved
   */
  settle(id: string, cost: Cost, answeredBy?: ModelRef): Promise<void> {
    const settling = this.#writeSettlement(id, cost, answeredBy).finally(() =>
      this.#settling.delete(settling),
    );
    this.#settling.add(settling);
    return settling;
  }

  async #writeSettlement(id: string, cost: Cost, answeredBy: ModelRef | undefined): Promise<void> {
    if (cost.kind !== "unknown") assertAmount(cost.nanoUsd);
    const { database, changes } = this.#parts;
    try {
      const isChanged = await database.writeAtEndOfTurn((sql) => this.#settle(sql, { id, cost, answeredBy }));
      this.#open.delete(id);
      if (isChanged) changes.own("budget");
    } catch (error) {
      if (!isTemporary(error)) throw error;
      this.#unsettled = [...this.#unsettled, { id, cost, answeredBy }];
      this.#parts.onUnwritten?.(error);
    }
  }

  /** Resolves when this process has no open reservation, or after a while: stopped answers are settled by then. */
  async whenIdle(limitMs: number): Promise<void> {
    for (let waitedMs = 0; this.#open.size > 0 && waitedMs < limitMs; waitedMs += IDLE_POLL_MS) {
      await setTimeout(IDLE_POLL_MS);
    }
  }

  /** Tries again to write settlements that failed. To be called every few seconds. */
  async retrySettlements(): Promise<void> {
    const unsettled = this.#unsettled;
    this.#unsettled = [];
    await Promise.all(unsettled.map(({ id, cost, answeredBy }) => this.settle(id, cost, answeredBy)));
  }

  async overrunFactors(): Promise<ReadonlyMap<ModelRef, number>> {
    const { database, now, dayOf } = this.#parts;
    const day = dayOf(now());
    return await database.read((sql) => overrunFactors(sql, day));
  }

  async spent(scope: BudgetScope): Promise<NanoUsd> {
    const { database, now, dayOf } = this.#parts;
    const day = dayOf(now());
    return await database.read((sql) => spentIn(sql, scope, day));
  }

  async today(): Promise<Spend> {
    const { now, dayOf } = this.#parts;
    const day = dayOf(now());
    return await this.#readSettled((sql) => spendIn(sql, "day", day));
  }

  async month(): Promise<Spend> {
    const { now, dayOf } = this.#parts;
    const day = dayOf(now());
    return await this.#readSettled((sql) => spendIn(sql, "month", day));
  }

  async spentBetween(firstDay: string, lastDay: string): Promise<readonly SpendRow[]> {
    return await this.#readSettled((sql) => spendRows(sql, firstDay, lastDay));
  }

  onDidChange(listener: () => void): () => void {
    return this.#parts.changes.on("budget", listener);
  }

  /** Reads after the settlements that this process has begun. An answer may end before its cost is settled. */
  async #readSettled<T>(body: (sql: Sql) => T): Promise<T> {
    await Promise.allSettled(this.#settling);
    return await this.#parts.database.read(body);
  }

  async #tryToReserve(request: ReserveRequest): Promise<Reservation> {
    const { database, changes, lease, now, randomId, dayOf } = this.#parts;
    const { ref, route = "", conversation = "", limits, soft, inputNanoUsd = 0 } = request;
    const nowMs = now();
    const id = `${timePrefix(nowMs)}-${randomId()}`;
    const entry: SpendEntry = { id, day: dayOf(nowMs), ref, route, conversation };
    const isRenewalDue = lease.isDue(nowMs);
    const reservation = await database.write((sql): Reservation => {
      const permille = permilleFor(sql, ref, entry.day);
      const maximum = raised(request.maximumNanoUsd, permille);
      const minimum = raised(Math.min(request.minimumNanoUsd, request.maximumNanoUsd), permille);
      const rooms = soft ? [] : roomsFor(sql, entry, limits);
      const tightest = leastBy(rooms, (room) => room.leftNanoUsd);
      const fullest = leastBy(rooms, (room) => room.freeNanoUsd);
      let amount = maximum;
      if (tightest !== undefined && fullest !== undefined) {
        const usableNanoUsd = lowered(tightest.leftNanoUsd, permille);
        const refused = { usableNanoUsd, overrunFactor: permille / 1000 };
        if (minimum > tightest.leftNanoUsd) {
          return { kind: "exceeded", limit: tightest.limit, leftNanoUsd: tightest.leftNanoUsd, ...refused };
        }
        if (minimum > fullest.freeNanoUsd) {
          const { limit, leftNanoUsd, reservedNanoUsd } = fullest;
          return { kind: "blocked", limit, leftNanoUsd, reservedNanoUsd, ...refused };
        }
        amount = Math.min(maximum, fullest.freeNanoUsd);
      }
      sql.run(
        `INSERT INTO reservation (id, lease, day, ref, route, conversation, reserved_nano, so_far_nano)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
        ...[entry.id, lease.id, entry.day, ref, route, conversation, amount, inputNanoUsd],
      );
      if (isRenewalDue) lease.renew(sql, nowMs);
      return { kind: "reserved", id: entry.id, nanoUsd: lowered(amount, permille) };
    });
    if (reservation.kind === "reserved") {
      this.#open.set(entry.id, entry);
      if (isRenewalDue) lease.renewed(nowMs);
      changes.own("budget");
    }
    return reservation;
  }

  #settle(sql: Sql, { id, cost, answeredBy }: Unsettled): boolean {
    const row = sql.get(
      "DELETE FROM reservation WHERE id = ? RETURNING day, ref, route, conversation, reserved_nano",
      id,
    );
    if (row === undefined) return recordCost(sql, this.#settledOrOpen(sql, id), cost);
    const entry = entryOf(id, row);
    if (cost.kind === "exact") recordExactCost(sql, entry, int(row, "reserved_nano"), cost.nanoUsd);
    recordCost(sql, { ...entry, ref: answeredBy ?? entry.ref }, cost);
    if (answeredBy !== undefined && answeredBy !== entry.ref) recordAnsweredByOther(sql, entry, cost);
    return true;
  }

  /** The entry of a reservation that another process has settled, or that a replaced file contained. */
  #settledOrOpen(sql: Sql, id: string): SpendEntry {
    const row = sql.get("SELECT day, ref, route, conversation FROM spend WHERE id = ?", id);
    const entry = row === undefined ? this.#open.get(id) : entryOf(id, row);
    if (entry === undefined) throw new Error(`The ledger does not contain reservation ${id}.`);
    return entry;
  }
}

function leastBy(rooms: readonly Room[], amountOf: (room: Room) => NanoUsd): Room | undefined {
  return rooms.toSorted((a, b) => amountOf(a) - amountOf(b))[0];
}

function assertAmount(amount: NanoUsd): void {
  if (Number.isSafeInteger(amount) && amount >= 0) return;
  throw new RangeError(`${amount} is not an amount in nano-dollars: expected an integer of zero or more.`);
}
