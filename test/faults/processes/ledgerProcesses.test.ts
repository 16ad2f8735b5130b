import { execFileSync } from "node:child_process";
import { once } from "node:events";
import { describe, expect, it } from "vitest";
import type { BreakerOptions } from "../../../src/contract/health.ts";
import { failOnce, reserveOn, spendOn } from "../../support/ledgers/testLedger.ts";
import type { Done, Spending } from "./ledgerProcess.ts";
import { type Job, type LedgerProcess, sharedLedger, startProcess, startProcesses } from "./processes.ts";

const DOLLAR = 1_000_000_000;

/** Requests of up to ten cents, with a budget that they do not reach. */
function spending(changes: Partial<Spending> = {}): Job {
  const usual = { requests: 1_000, limitNanoUsd: 1e15, maximumNanoUsd: DOLLAR / 10, concurrency: 4 };
  return { script: "ledgerProcess.ts", work: { task: "spend", ...usual, ...changes } };
}

function probing(subject: string, breaker: BreakerOptions, permits: number): Job {
  return { script: "ledgerProcess.ts", work: { task: "probe", subject, breaker, permits } };
}

function doneOf(line: Record<string, unknown>): Done {
  const [spentNanoUsd, settled, refused] = [line["spentNanoUsd"], line["settled"], line["refused"]].map(
    Number,
  );
  return {
    spentNanoUsd: spentNanoUsd ?? Number.NaN,
    settled: settled ?? Number.NaN,
    refused: refused ?? Number.NaN,
  };
}

async function doneBy(workers: readonly LedgerProcess[]): Promise<Done> {
  const done = await Promise.all(workers.map(async (worker) => doneOf(await worker.line())));
  const sum = (name: keyof Done) => done.reduce((total, { [name]: count }) => total + count, 0);
  return { spentNanoUsd: sum("spentNanoUsd"), settled: sum("settled"), refused: sum("refused") };
}

describe("several processes with one ledger", () => {
  it("lose no write of two processes", async () => {
    const testLedger = sharedLedger();
    const work = spending({ requests: 500, limitNanoUsd: 1_000 * DOLLAR });
    const done = await doneBy(await startProcesses(testLedger, 2, work));
    const { budget } = await testLedger.open();
    expect(done).toMatchObject({ settled: 1_000, refused: 0 });
    expect(await budget.today()).toMatchObject({
      spentNanoUsd: done.spentNanoUsd,
      reservedNanoUsd: 0,
      byModel: [{ attempts: 1_000 }],
    });
  });

  it("spend at most the budget, and at least 95 % of it, in 8 processes with 1,000 requests each", async () => {
    const testLedger = sharedLedger();
    const limitNanoUsd = 100 * DOLLAR;
    const work = spending({ limitNanoUsd, concurrency: 8 });
    const started = performance.now();
    const done = await doneBy(await startProcesses(testLedger, 8, work));
    const { spentNanoUsd, reservedNanoUsd } = await (await testLedger.open()).budget.today();
    const seconds = (performance.now() - started) / 1000;
    process.stdout.write(
      `money: spent $${spentNanoUsd / DOLLAR} of $${limitNanoUsd / DOLLAR} ` +
        `(${((100 * spentNanoUsd) / limitNanoUsd).toFixed(2)} %), ${done.settled} answered, ` +
        `${done.refused} refused, ${seconds.toFixed(1)} s\n`,
    );
    expect(spentNanoUsd).toBe(done.spentNanoUsd);
    expect(reservedNanoUsd).toBe(0);
    expect(spentNanoUsd).toBeLessThanOrEqual(limitNanoUsd);
    expect(spentNanoUsd).toBeGreaterThanOrEqual(0.95 * limitNanoUsd);
    expect(done.settled + done.refused).toBe(8_000);
  });

  it("permit one probe, and another one after its process is killed", async () => {
    const testLedger = sharedLedger();
    const { health } = await testLedger.open();
    const [subject, breaker] = ["openai/gpt-6-luna", { failures: 1, openMs: 1, maxOpenMs: 1 }] as const;
    await failOnce(health, subject, breaker);
    const workers = await startProcesses(testLedger, 4, probing(subject, breaker, 25));
    const printed = await Promise.all(workers.map((worker) => worker.line()));
    expect(printed.map(({ probes }) => probes).toSorted()).toEqual([0, 0, 0, 1]);
    expect(printed.reduce((sum, { paused }) => sum + Number(paused), 0)).toBe(99);
    for (const { child } of workers) {
      child.kill("SIGKILL");
      await once(child, "exit");
    }
    testLedger.clock.nowMs = Date.now();
    expect(await health.acquire(subject, breaker, false)).toBeUndefined();
    testLedger.clock.nowMs += 61_000;
    expect(await health.acquire(subject, breaker, false)).toMatchObject({ modelProbe: expect.any(String) });
  });

  it("are notified of each other's breakers", async () => {
    const testLedger = sharedLedger();
    const { health } = await testLedger.open({ pollMs: 5 });
    const [subject, breaker] = ["openai/gpt-6-luna", { failures: 1, openMs: 1, maxOpenMs: 1 }] as const;
    await failOnce(health, subject, breaker);
    await new Promise((resolve) => setImmediate(resolve));
    const changed = new Promise<void>((resolve) => {
      health.onDidChange(resolve);
    });
    const [worker] = await startProcesses(testLedger, 1, probing(subject, breaker, 1));
    await changed;
    expect((await health.snapshot()).get(subject)?.breaker.kind).toBe("half-open");
    worker?.child.kill("SIGKILL");
  });

  it("are notified of each other's spending", async () => {
    const testLedger = sharedLedger();
    const { budget } = await testLedger.open({ pollMs: 5 });
    const changed = new Promise<void>((resolve) => {
      budget.onDidChange(resolve);
    });
    const work = spending({ requests: 1, limitNanoUsd: DOLLAR, maximumNanoUsd: DOLLAR, concurrency: 1 });
    await startProcesses(testLedger, 1, work);
    await changed;
  });
});

describe("a killed process", () => {
  it("loses no settled cost, and its reservations are settled from their journal", async () => {
    const testLedger = sharedLedger();
    const work = spending({ limitNanoUsd: 1_000 * DOLLAR, concurrency: 5, hangAfter: 50 });
    const [worker] = await startProcesses(testLedger, 1, work);
    if (worker === undefined) throw new Error("No process was started.");
    const hanging = [
      await worker.line(),
      await worker.line(),
      await worker.line(),
      await worker.line(),
      await worker.line(),
    ];
    worker.child.kill("SIGKILL");
    await once(worker.child, "exit");
    const spent = Math.max(...hanging.map((line) => Number(line["spentNanoUsd"])));
    const journaled = hanging.reduce((sum, line) => sum + Number(line["nanoUsd"]), 0);

    const early = await testLedger.open();
    const before = await early.budget.today();
    expect(before.spentNanoUsd).toBe(spent);
    expect(before.reservedNanoUsd).toBeGreaterThan(0);
    testLedger.clock.nowMs = Date.now() + 61_000;
    const successors = await Promise.all([testLedger.open(), testLedger.open()]);
    expect(await successors[0].budget.today()).toMatchObject({
      spentNanoUsd: spent + journaled,
      reservedNanoUsd: 0,
    });
    expect(testLedger.raw().prepare("SELECT count(*) AS n FROM spend WHERE rank = 0").get()).toEqual({
      n: 5,
    });
  });

  it("leaves consistent sums and a ledger that other processes continue to use", async () => {
    const testLedger = sharedLedger();
    const work = spending({ requests: 100_000 });
    const workers = await startProcesses(testLedger, 3, work);
    const watcher = await testLedger.open();
    for (const worker of workers) {
      const before = (await watcher.budget.today()).spentNanoUsd;
      // Kill it during its work: as soon as it has spent more.
      while ((await watcher.budget.today()).spentNanoUsd === before)
        await new Promise((resolve) => setImmediate(resolve));
      worker.child.kill("SIGKILL");
      await once(worker.child, "exit");
      await spendOn(watcher, 7, { limits: {} });
    }
    testLedger.clock.nowMs = Date.now() + 120_000;
    const successor = await testLedger.open();
    expect(successor.notice).toBeUndefined();
    const { spentNanoUsd, reservedNanoUsd } = await successor.budget.today();
    expect(reservedNanoUsd).toBe(0);
    const db = testLedger.raw();
    expect(db.prepare("SELECT sum(nano) AS nano FROM spend").get()).toEqual({ nano: spentNanoUsd });
    expect(db.prepare("PRAGMA integrity_check").get()).toEqual({ integrity_check: "ok" });
    await reserveOn(successor, { limits: {} });
  });
});

describe.skipIf(process.platform === "win32")("a full disk", () => {
  it("fails a write, and loses no earlier one", async () => {
    const testLedger = sharedLedger();
    const work = spending({ requests: 10_000, concurrency: 2 });
    const worker = await startProcess(testLedger, work, 2_000);
    worker.begin();
    const [code] = await once(worker.child, "exit");
    expect(code).not.toBe(0);
    testLedger.clock.nowMs = Date.now() + 120_000;
    const successor = await testLedger.open();
    expect(successor.notice).toBeUndefined();
    const { spentNanoUsd, reservedNanoUsd } = await successor.budget.today();
    expect(spentNanoUsd).toBeGreaterThan(0);
    expect(reservedNanoUsd).toBe(0);
    expect(testLedger.raw().prepare("SELECT sum(nano) AS nano FROM spend").get()).toEqual({
      nano: spentNanoUsd,
    });
    await spendOn(successor, 7, { limits: {} });
  });

  it.skipIf(process.platform !== "linux")("has every cost settled after it has space again", async () => {
    const testLedger = sharedLedger();
    const worker = await startProcess(testLedger, spending({ requests: 3_000, retries: true }), 700);
    worker.begin();
    const { full } = await worker.line();
    expect(full).toMatch(/cannot be written/);
    execFileSync("/bin/sh", ["-c", 'exec prlimit --pid "$0" --fsize=unlimited', String(worker.child.pid)]);
    const lines = [await worker.line()];
    // Each request that finds the disk full prints it once.
    while (lines.at(-1)?.["full"] !== undefined) lines.push(await worker.line());
    const done = doneOf(lines.at(-1) ?? {});
    expect(done.settled).toBe(3_000);
    const { spentNanoUsd, reservedNanoUsd, byModel } = await (await testLedger.open()).budget.today();
    expect({ spentNanoUsd, reservedNanoUsd }).toEqual({
      spentNanoUsd: done.spentNanoUsd,
      reservedNanoUsd: 0,
    });
    expect(byModel).toMatchObject([{ attempts: 3_000 }]);
  });
});
