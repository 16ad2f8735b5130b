import { setTimeout } from "node:timers/promises";
import { daysOf, monthOf } from "../../base/calendar.ts";
import type { Budget, Reservation, ReserveRequest, Settlement, Spend } from "../../contract/budget.ts";
import type { NanoUsd } from "../../contract/money.ts";
import type { Changes } from "../changes.ts";
import { book, type Held, heldOf, raiseOrphan, timePrefix } from "./booking.ts";
import type { Database } from "./database.ts";
import { mayPass } from "./errors.ts";
import type { Lease } from "./lease.ts";
import { lowered, noteOverrun, permilleFor, raised } from "./overrun.ts";
import { roomOn, spentIn } from "./room.ts";
import { int } from "./rows.ts";
import { spendIn } from "./spend.ts";
import type { Sql } from "./sql.ts";

export type BudgetParts = {
  readonly database: Database;
  readonly changes: Changes;
  readonly lease: Lease;
  readonly now: () => number;
  readonly randomId: () => string;
  readonly dayOf: (ms: number) => string;
  /** Told when something could not be written that is tried again later. */
  readonly onUnwritten?: (error: unknown) => void;
};

const REST_STEP_MS = 5;

/**
 * The budget of the operating-system user, exact over all processes. An attempt is booked to the day on which it was
 * reserved, also when it ends after midnight: it was held against that day's budget, so no day exceeds its own.
 */
export class SqliteBudget implements Budget {
  readonly #parts: BudgetParts;
  /** What this process holds, in case the file is replaced while it does. */
  readonly #own = new Map<string, Held>();
  /** What could not be written: it is tried again, and what was held for it stays held. */
  #unsettled: readonly { readonly id: string; readonly settlement: Settlement }[] = [];

  constructor(parts: BudgetParts) {
    this.#parts = parts;
  }

  async reserve(request: ReserveRequest): Promise<Reservation> {
    assertAmounts(request.maximumNanoUsd, request.minimumNanoUsd, request.inputNanoUsd ?? 0);
    await this.settleAgain();
    const first = await this.#tryToReserve(request);
    if (first.kind !== "blocked" || (await this.#parts.lease.settleOrphans()) === 0) return first;
    return await this.#tryToReserve(request);
  }

  /**
   * Written down at once, or, where that cannot be done just now, by the next one that can. Without any, an orphan is
   * settled at what the request cost to send (`sentNanoUsd`).
   */
  async progress(id: string, nanoUsd: NanoUsd): Promise<void> {
    assertAmounts(nanoUsd);
    try {
      await this.#journal(id, nanoUsd);
    } catch (error) {
      if (!mayPass(error)) throw error;
    }
  }

  async #journal(id: string, nanoUsd: NanoUsd): Promise<void> {
    const { database, changes } = this.#parts;
    const raised = await database.write((sql) => {
      if (sql.run("UPDATE reservation SET so_far_nano = ? WHERE id = ?", nanoUsd, id) > 0) return false;
      return raiseOrphan(sql, id, nanoUsd);
    });
    if (raised) changes.own("budget");
  }

  /**
   * What cannot be written now (the disk is full, the file is locked) is kept, and tried again until it can: no answer
   * fails for it, and no spend is lost.
   * @throws Error for an id that was never reserved
   */
  async settle(id: string, settlement: Settlement): Promise<void> {
    if (settlement.cost.kind !== "unknown") assertAmounts(settlement.cost.nanoUsd);
    try {
      await this.#settle(id, settlement);
    } catch (error) {
      if (!mayPass(error)) throw error;
      this.#unsettled = [...this.#unsettled, { id, settlement }];
      this.#parts.onUnwritten?.(error);
    }
  }

  /** Resolves when nothing is held by this process any more, or after a while: an answer that was just stopped is settled. */
  async atRest(limitMs: number): Promise<void> {
    for (let waitedMs = 0; this.#own.size > 0 && waitedMs < limitMs; waitedMs += REST_STEP_MS) {
      await setTimeout(REST_STEP_MS);
    }
  }

  /** Settles what could not be written before; to be called every few seconds. */
  async settleAgain(): Promise<void> {
    const waiting = this.#unsettled;
    this.#unsettled = [];
    await Promise.all(waiting.map(({ id, settlement }) => this.settle(id, settlement)));
  }

  async #settle(id: string, { cost, usage }: Settlement): Promise<void> {
    const { database, changes } = this.#parts;
    const changed = await database.write((sql) => {
      const row = sql.get("SELECT day, ref, route, decision_id, held_nano FROM reservation WHERE id = ?", id);
      const held = row === undefined ? this.#bookedOrOwn(sql, id) : heldOf(id, row);
      if (row !== undefined) {
        sql.run("DELETE FROM reservation WHERE id = ?", id);
        if (cost.kind === "exact") noteOverrun(sql, held, int(row, "held_nano"), cost.nanoUsd);
      }
      const booked = book(sql, held, cost, usage);
      return row !== undefined || booked;
    });
    this.#own.delete(id);
    if (changed) changes.own("budget");
  }

  async spent(period: "day" | "month"): Promise<NanoUsd> {
    const { database, now, dayOf } = this.#parts;
    const day = dayOf(now());
    const [first, last] = period === "day" ? [day, day] : daysOf(monthOf(day));
    return await database.read((sql) => spentIn(sql, first, last));
  }

  async today(): Promise<Spend> {
    const { database, now, dayOf } = this.#parts;
    const day = dayOf(now());
    return await database.read((sql) => spendIn(sql, day, day, day));
  }

  async month(): Promise<Spend> {
    const { database, now, dayOf } = this.#parts;
    const month = monthOf(dayOf(now()));
    return await database.read((sql) => spendIn(sql, month, ...daysOf(month)));
  }

  onDidChange(listener: () => void): () => void {
    return this.#parts.changes.on("budget", listener);
  }

  async #tryToReserve(request: ReserveRequest): Promise<Reservation> {
    const { database, changes, lease, now, randomId, dayOf } = this.#parts;
    const {
      decisionId,
      ref,
      route,
      maximumNanoUsd: wantNanoUsd,
      minimumNanoUsd: needNanoUsd,
      limits,
      soft,
      inputNanoUsd: sentNanoUsd = 0,
    } = request;
    const nowMs = now();
    const held: Held = {
      id: `${timePrefix(nowMs)}-${randomId()}`,
      day: dayOf(nowMs),
      ref,
      route,
      decisionId,
    };
    const renews = lease.isDue(nowMs);
    const reservation = await database.write((sql): Reservation => {
      const room = soft ? undefined : roomOn(sql, held.day, limits);
      const permille = permilleFor(sql, ref);
      const want = raised(wantNanoUsd, permille);
      const need = raised(Math.min(needNanoUsd, wantNanoUsd), permille);
      const { leftNanoUsd: left = want, freeNanoUsd: free = want, heldNanoUsd = 0 } = room ?? {};
      const leftNanoUsd = lowered(left, permille);
      if (need > left) return { kind: "exceeded", leftNanoUsd };
      if (need > free)
        return { kind: "blocked", leftNanoUsd, reservedNanoUsd: lowered(heldNanoUsd, permille) };
      const heldNow = Math.min(want, free);
      sql.run(
        "INSERT INTO reservation (id, lease, day, ref, route, decision_id, held_nano, so_far_nano) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        ...[held.id, lease.id, held.day, ref, route, decisionId, heldNow, sentNanoUsd],
      );
      if (renews) lease.renew(sql, nowMs);
      return { kind: "reserved", id: held.id, nanoUsd: lowered(heldNow, permille) };
    });
    if (reservation.kind === "reserved") {
      this.#own.set(held.id, held);
      if (renews) lease.renewed(nowMs);
      changes.own("budget");
    }
    return reservation;
  }

  #bookedOrOwn(sql: Sql, id: string): Held {
    const row = sql.get("SELECT day, ref, route, decision_id FROM spend WHERE id = ?", id);
    const held = row === undefined ? this.#own.get(id) : heldOf(id, row);
    if (held === undefined) throw new Error(`The ledger knows no reservation ${id}.`);
    return held;
  }
}

function assertAmounts(...amounts: readonly number[]): void {
  for (const amount of amounts) {
    if (Number.isSafeInteger(amount) && amount >= 0) continue;
    throw new RangeError(`${amount} is no amount of nano-dollars: it must be an integer of zero or more.`);
  }
}
