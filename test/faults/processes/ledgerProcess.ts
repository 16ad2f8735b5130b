/**
 * A process that works on a ledger. Its argument is the work, as JSON. It prints a line when the ledger is open, and begins
 * when its parent writes a line, so that several processes begin at the same time.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import type { BreakerOptions } from "../../../src/contract/health.ts";
import { openLedger } from "../../../src/ledger/sqlite/open.ts";

/** Reserves and settles money. */
export type Spending = {
  readonly task: "spend";
  readonly requests: number;
  readonly limitNanoUsd: number;
  /** The maximum cost of a request. Its real cost is random, up to this. */
  readonly maximumNanoUsd: number;
  /** How many requests run at the same time. */
  readonly concurrency: number;
  /** After this many settled requests the others are reserved and journalled, but never settled. */
  readonly hangAfter?: number;
  /** If a reservation fails, it prints the error and retries. Otherwise the process ends with the error. */
  readonly retries?: boolean;
};

/** Acquires permits of a breaker, and then waits until it is killed. */
export type Probing = {
  readonly task: "probe";
  readonly subject: string;
  readonly breaker: BreakerOptions;
  readonly permits: number;
};

export type Work = { readonly file: string } & (Spending | Probing);

/** What a process did, as it counted. */
export type Done = { readonly spentNanoUsd: number; readonly settled: number; readonly refused: number };

const work: Work = JSON.parse(process.argv[2] ?? "");
// All processes use one day. Otherwise a test at midnight would count in two.
const ledger = await openLedger({
  file: work.file,
  now: Date.now,
  randomId: randomUUID,
  dayOf: () => "2026-11-21",
});
let [started, spentNanoUsd, settled, refused] = [0, 0, 0, 0];
print({ ready: true });
await once(process.stdin, "data");
if (work.task === "spend") await spend(work);
else await probe(work);

async function spend(spending: Spending): Promise<void> {
  await Promise.all(Array.from({ length: spending.concurrency }, () => ask(spending)));
  if (spending.hangAfter !== undefined) return;
  await ledger.close();
  print({ spentNanoUsd, settled, refused });
  process.stdin.destroy();
}

async function ask(spending: Spending): Promise<void> {
  const { requests, limitNanoUsd, maximumNanoUsd, hangAfter } = spending;
  while (started < requests) {
    started += 1;
    const reservation = await reserve(spending, {
      ref: "openai/gpt-6-luna",
      maximumNanoUsd: maximumNanoUsd,
      minimumNanoUsd: Math.ceil(maximumNanoUsd / 20),
      inputNanoUsd: 1,
      limits: { dailyNanoUsd: limitNanoUsd },
      soft: false,
    });
    if (reservation.kind !== "reserved") {
      refused += 1;
      continue;
    }
    // A provider's answer arrives in a later turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const nanoUsd = Math.floor(Math.random() * (reservation.nanoUsd + 1));
    if (hangAfter !== undefined && settled >= hangAfter) {
      await ledger.budget.progress(reservation.id, nanoUsd);
      print({ hanging: reservation.id, nanoUsd, spentNanoUsd, settled });
      return;
    }
    await ledger.budget.settle(reservation.id, { kind: "exact", nanoUsd });
    spentNanoUsd += nanoUsd;
    settled += 1;
  }
}

async function reserve({ retries }: Spending, request: Parameters<typeof ledger.budget.reserve>[0]) {
  for (let isReported = false; ; isReported = true) {
    try {
      return await ledger.budget.reserve(request);
    } catch (error) {
      if (retries !== true) throw error;
      if (!isReported) print({ full: error instanceof Error ? error.message : String(error) });
      // The system does not report when a disk has space again.
      await setTimeout(20);
    }
  }
}

async function probe({ subject, breaker, permits }: Probing): Promise<void> {
  const asked = Array.from({ length: permits }, () => ledger.health.acquire(subject, breaker, false));
  const acquired = await Promise.all(asked);
  print({
    probes: acquired.filter((permit) => permit?.modelProbe !== undefined).length,
    paused: acquired.filter((permit) => permit === undefined).length,
  });
}

function print(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
