/**
 * A process of its own that works on a ledger, for tests. Arguments: what to do, as JSON. It says a line when it has
 * opened the ledger and waits for a line of its parent before it begins, so that several begin together.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { openLedger } from "../../src/ledger/sqlite/open.ts";

export type Work = {
  readonly file: string;
  readonly requests: number;
  readonly limitNanoUsd: number;
  /** The largest that one request may cost; what it really costs is random up to this. */
  readonly mostNanoUsd: number;
  /** Requests under way at once. */
  readonly abreast: number;
  /** Held and journalled, and then never settled. */
  readonly hangAfter?: number;
};

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
say({ ready: true });
await once(process.stdin, "data");

let [begun, spentNanoUsd, settled, refused] = [0, 0, 0, 0];
await Promise.all(Array.from({ length: work.abreast }, ask));
if (work.hangAfter === undefined) {
  await ledger.close();
  say({ spentNanoUsd, settled, refused });
  process.stdin.destroy();
}

async function ask(): Promise<void> {
  while (begun < work.requests) {
    begun += 1;
    const reservation = await ledger.budget.reserve({
      decisionId: randomUUID(),
      ref: "openai/gpt-6-luna",
      route: "Hard",
      wantNanoUsd: work.mostNanoUsd,
      needNanoUsd: Math.ceil(work.mostNanoUsd / 20),
      sentNanoUsd: 1,
      limits: { dailyNanoUsd: work.limitNanoUsd },
      soft: false,
    });
    if (reservation.kind !== "held") {
      refused += 1;
      continue;
    }
    // A provider is somewhere else: its answer comes in a later turn of the event loop.
    await new Promise((resolve) => setImmediate(resolve));
    const nanoUsd = Math.floor(Math.random() * (reservation.nanoUsd + 1));
    if (work.hangAfter !== undefined && settled >= work.hangAfter) {
      await ledger.budget.progress(reservation.id, nanoUsd);
      say({ hanging: reservation.id, nanoUsd, spentNanoUsd, settled });
      return;
    }
    await ledger.budget.settle(reservation.id, { cost: { kind: "exact", nanoUsd } });
    spentNanoUsd += nanoUsd;
    settled += 1;
  }
}

function say(line: unknown): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
