/**
 * A process of its own that works on a ledger, for tests. Arguments: what to do, as JSON. It says a line when it has
 * opened the ledger and waits for a line of its parent before it begins, so that several begin together.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { BreakerOptions } from "../../src/contract/health.ts";
import { openLedger } from "../../src/ledger/sqlite/open.ts";

/** Reserves and settles. */
export type Spending = {
  readonly task: "spend";
  readonly requests: number;
  readonly limitNanoUsd: number;
  /** The largest that one request may cost; what it really costs is random up to this. */
  readonly mostNanoUsd: number;
  /** Requests under way at once. */
  readonly abreast: number;
  /** Held and journalled, and then never settled. */
  readonly hangAfter?: number;
  /** Says so, waits and goes on where nothing can be reserved; else it ends with the error. */
  readonly patient?: boolean;
};

/** Asks leave of a breaker, and then waits to be killed. */
export type Probing = {
  readonly task: "probe";
  readonly subject: string;
  readonly breaker: BreakerOptions;
  readonly asks: number;
};

export type Work = { readonly file: string } & (Spending | Probing);

/** What a process did, by its own count. */
export type Done = { readonly spentNanoUsd: number; readonly settled: number; readonly refused: number };

const work: Work = JSON.parse(process.argv[2] ?? "");
// One day for all, or a test that runs at midnight would count in two.
const ledger = await openLedger({
  file: work.file,
  now: Date.now,
  randomId: randomUUID,
  dayOf: () => "2026-11-21",
});
let [begun, spentNanoUsd, settled, refused] = [0, 0, 0, 0];
say({ ready: true });
await once(process.stdin, "data");
if (work.task === "spend") await spend(work);
else await probe(work);

async function spend(spending: Spending): Promise<void> {
  await Promise.all(Array.from({ length: spending.abreast }, () => ask(spending)));
  if (spending.hangAfter !== undefined) return;
  await ledger.close();
  say({ spentNanoUsd, settled, refused });
  process.stdin.destroy();
}

async function ask(spending: Spending): Promise<void> {
  const { requests, limitNanoUsd, mostNanoUsd, hangAfter } = spending;
  while (begun < requests) {
    begun += 1;
    const reservation = await reserve(spending, {
      ref: "openai/gpt-6-luna",
      maximumNanoUsd: mostNanoUsd,
      minimumNanoUsd: Math.ceil(mostNanoUsd / 20),
      inputNanoUsd: 1,
      limits: { dailyNanoUsd: limitNanoUsd },
      soft: false,
    });
    if (reservation.kind !== "reserved") {
      refused += 1;
      continue;
    }
    // A provider is somewhere else: its answer comes in a later turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const nanoUsd = Math.floor(Math.random() * (reservation.nanoUsd + 1));
    if (hangAfter !== undefined && settled >= hangAfter) {
      await ledger.budget.progress(reservation.id, nanoUsd);
      say({ hanging: reservation.id, nanoUsd, spentNanoUsd, settled });
      return;
    }
    await ledger.budget.settle(reservation.id, { cost: { kind: "exact", nanoUsd } });
    spentNanoUsd += nanoUsd;
    settled += 1;
  }
}

async function reserve({ patient }: Spending, request: Parameters<typeof ledger.budget.reserve>[0]) {
  for (let isTold = false; ; isTold = true) {
    try {
      return await ledger.budget.reserve(request);
    } catch (error) {
      if (patient !== true) throw error;
      if (!isTold) say({ full: error instanceof Error ? error.message : String(error) });
      // As a person would: nothing tells when a disk has space again.
      await setTimeout(20);
    }
  }
}

async function probe({ subject, breaker, asks }: Probing): Promise<void> {
  const asked = Array.from({ length: asks }, () => ledger.health.acquire(subject, breaker, false));
  const permits = await Promise.all(asked);
  say({
    probes: permits.filter((permit) => permit?.modelProbe !== undefined).length,
    paused: permits.filter((permit) => permit === undefined).length,
  });
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
