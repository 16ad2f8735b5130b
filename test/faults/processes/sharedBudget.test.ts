import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../../src/simulator/server.ts";
import type { TestLedger } from "../../support/ledgers/testLedger.ts";
import type { WindowDone, WindowWork } from "./engineProcess.ts";
import { type LedgerProcess, sharedLedger, startProcesses } from "./processes.ts";

const DOLLAR = 1_000_000_000;
const WINDOWS = 8;
const REQUESTS = 300;

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
});
afterAll(() => simulator.stop());

/** 300 prompts, two at a time, with a budget that pays for a part of the prompts of eight windows. */
function windowWork(changes: Partial<WindowWork> = {}) {
  const { url, key } = simulator;
  const work = {
    url,
    key,
    requests: REQUESTS,
    concurrency: 2,
    whenExceeded: "stop" as const,
    dailyUsd: 0.06,
    clockOffsetMs: 0,
    ...changes,
  };
  return { script: "engineProcess.ts", work } as const;
}

/** Waits for a window's last line. */
async function doneOf(window: LedgerProcess): Promise<WindowDone> {
  for (;;) {
    const { done } = await window.line();
    if (typeof done !== "object" || done === null) continue;
    return { spentNanoUsd: 0, paid: 0, free: 0, stopped: 0, other: 0, ...done };
  }
}

async function sumOf(windows: readonly LedgerProcess[]): Promise<WindowDone> {
  const all = await Promise.all(windows.map(doneOf));
  const sum = (name: keyof WindowDone) => all.reduce((total, { [name]: count }) => total + count, 0);
  return {
    spentNanoUsd: sum("spentNanoUsd"),
    paid: sum("paid"),
    free: sum("free"),
    stopped: sum("stopped"),
    other: sum("other"),
  };
}

function orphansIn(testLedger: TestLedger): number {
  return Number(testLedger.raw().prepare("SELECT count(*) AS n FROM spend WHERE rank = 0").get()?.["n"]);
}

function print(name: string, spentNanoUsd: number, dailyUsd: number, rest: string): void {
  const share = ((100 * spentNanoUsd) / (dailyUsd * DOLLAR)).toFixed(2);
  process.stdout.write(
    `money, ${name}: spent $${spentNanoUsd / DOLLAR} of $${dailyUsd} (${share} %), ${rest}\n`,
  );
}

describe("eight windows with 300 prompts each", () => {
  it.each(["free", "stop"] as const)(
    "spend at most the budget, and at least 95 % of it, with `whenExceeded` at `%s`",
    async (whenExceeded) => {
      const testLedger = sharedLedger();
      const { dailyUsd } = windowWork().work;
      const done = await sumOf(await startProcesses(testLedger, WINDOWS, windowWork({ whenExceeded })));
      const { spentNanoUsd, reservedNanoUsd } = await (await testLedger.open()).budget.today();
      const { paid, free, stopped, other } = done;
      print(
        whenExceeded,
        spentNanoUsd,
        dailyUsd,
        `${paid} paid, ${free} free, ${stopped} stopped, ${other} other, ${orphansIn(testLedger)} orphans`,
      );
      // The windows added up what the provider reported.
      expect(spentNanoUsd).toBe(done.spentNanoUsd);
      expect(spentNanoUsd).toBeLessThanOrEqual(dailyUsd * DOLLAR);
      expect(spentNanoUsd).toBeGreaterThanOrEqual(0.95 * dailyUsd * DOLLAR);
      expect(reservedNanoUsd).toBe(0);
      expect(whenExceeded === "free" ? free : stopped).toBeGreaterThan(0);
      expect(paid + (whenExceeded === "free" ? free : stopped)).toBe(WINDOWS * REQUESTS);
    },
    180_000,
  );

  it("spend at most the budget if all are killed, and eight others continue a minute later", async () => {
    const testLedger = sharedLedger();
    const { dailyUsd, concurrency } = windowWork().work;
    for (const [index, window] of (await startProcesses(testLedger, WINDOWS, windowWork())).entries()) {
      // Kill each one at a different moment of its work.
      for (let lines = 0; lines <= index; lines += 1) await window.line();
      window.child.kill("SIGKILL");
      await once(window.child, "exit");
    }
    testLedger.clock.nowMs = Date.now();
    const left = await (await testLedger.open()).budget.today();
    const done = await sumOf(
      await startProcesses(testLedger, WINDOWS, windowWork({ clockOffsetMs: 61_000 })),
    );
    const { spentNanoUsd, reservedNanoUsd } = await (await testLedger.open()).budget.today();
    const orphans = orphansIn(testLedger);
    const { paid, stopped } = done;
    print(
      "killed",
      spentNanoUsd,
      dailyUsd,
      `${paid} paid and ${stopped} stopped afterwards, ${orphans} orphans`,
    );
    expect(left.reservedNanoUsd).toBeGreaterThan(0);
    expect(spentNanoUsd).toBeGreaterThanOrEqual(left.spentNanoUsd + done.spentNanoUsd);
    expect(spentNanoUsd).toBeLessThanOrEqual(dailyUsd * DOLLAR);
    expect(spentNanoUsd).toBeGreaterThanOrEqual(0.95 * dailyUsd * DOLLAR);
    expect(reservedNanoUsd).toBe(0);
    expect(orphans).toBeGreaterThan(0);
    expect(orphans).toBeLessThanOrEqual(WINDOWS * concurrency);
    expect(paid + stopped).toBe(WINDOWS * REQUESTS);
  }, 180_000);
});

it("lets a second window spend while the first has a reservation and has spent nothing", async () => {
  const testLedger = sharedLedger();
  // The first window's reservation, the maximum cost of its answer, is nearly the whole budget.
  const work = windowWork({ requests: 1, concurrency: 1, dailyUsd: 0.0037 });
  simulator.injectFault({ times: 1, fault: { kind: "stall", afterTokens: 3 } });
  const [first] = await startProcesses(testLedger, 1, work);
  await simulator.nextRequest();
  const ledger = await testLedger.open();
  await expect
    .poll(async () => (await ledger.budget.today()).reservedNanoUsd)
    .toBeGreaterThan(0.0024 * DOLLAR);
  expect((await ledger.budget.today()).spentNanoUsd).toBe(0);
  const [second] = await startProcesses(testLedger, 1, work);
  if (second === undefined) throw new Error("No window was started.");
  expect(await doneOf(second)).toMatchObject({ paid: 1, stopped: 0 });
  first?.child.kill("SIGKILL");
});
