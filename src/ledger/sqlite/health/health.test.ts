import { describe, expect, it } from "vitest";
import { createTestLedger, failOnce } from "../../../../test/support/ledgers/testLedger.ts";
import type { AttemptOutcome, Pause, Permit } from "../../../contract/health.ts";
import { SqliteHealth } from "./health.ts";

const options = { failures: 3, openMs: 10_000, maxOpenMs: 30_000 };
const ref = "openai/gpt-6-luna";
/** An attempt that began while the breakers were closed. */
const permit: Permit = { ref, options };
const answered = { kind: "answered" } as const;

/** A ledger in which the model's breaker is open. */
async function opened(testLedger: ReturnType<typeof createTestLedger>) {
  const ledger = await testLedger.open();
  for (let failure = 0; failure < 3; failure += 1) await failOnce(ledger.health, ref, options);
  return ledger;
}

/** The health of a second process that has the breaker's probe, and renews it when the test calls for it. */
async function probing(testLedger: ReturnType<typeof createTestLedger>): Promise<SqliteHealth> {
  await opened(testLedger);
  const health = new SqliteHealth(await testLedger.openParts());
  testLedger.clock.nowMs += 10_000;
  expect(await health.acquire(ref, options, false)).toMatchObject({ modelProbe: expect.any(String) });
  return health;
}

/** The outcome of an attempt that pauses its model or its provider. */
function paused(subject: "model" | "provider", pause: Pause): AttemptOutcome {
  return { kind: "failed", breaker: "none", isProviderReached: true, pause: { subject, pause } };
}

describe("breakers", () => {
  it("are shared by all processes, and survive a restart", async () => {
    const testLedger = createTestLedger();
    const ledger = await opened(testLedger);
    const breaker = { kind: "open", failures: 3, openedAtMs: testLedger.clock.nowMs, openMs: 10_000 };
    const other = (await testLedger.open()).health;
    expect(await other.acquire(ref, options, false)).toBeUndefined();
    expect((await other.snapshot()).get(ref)?.breaker).toEqual(breaker);
    await ledger.close();
    const restarted = (await testLedger.open()).health;
    expect(await restarted.acquire(ref, options, false)).toBeUndefined();
    expect((await restarted.snapshot()).get(ref)?.breaker).toEqual(breaker);
  });

  it("permit one probe, however many requests in however many processes ask for it", async () => {
    const testLedger = createTestLedger();
    const ledgers = [await opened(testLedger), await testLedger.open(), await testLedger.open()];
    testLedger.clock.nowMs += 10_000;
    const requested = ledgers.flatMap((ledger) =>
      Array.from({ length: 10 }, () => ledger.health.acquire(ref, options, false)),
    );
    const permits = (await Promise.all(requested)).filter((permit) => permit !== undefined);
    expect(permits).toMatchObject([{ modelProbe: expect.any(String) }]);
  });

  it("close when the probe succeeds, and stay open when it was cancelled", async () => {
    const testLedger = createTestLedger();
    const { health } = await opened(testLedger);
    testLedger.clock.nowMs += 10_000;
    const cancelled = await health.acquire(ref, options, false);
    if (cancelled === undefined) throw new Error("No probe was due.");
    await health.report(cancelled, { kind: "inconclusive" });
    expect((await health.snapshot()).get(ref)?.breaker).toMatchObject({ kind: "open" });
    const next = await health.acquire(ref, options, false);
    if (next === undefined) throw new Error("The next probe was not due at once.");
    await health.report(next, answered);
    expect(await health.acquire(ref, options, false)).toEqual({ ref, options });
  });

  it("are not closed by the late answer of an earlier request, nor re-opened by its failure", async () => {
    const testLedger = createTestLedger();
    const { health } = await opened(testLedger);
    const sample = { firstTokenMs: 5, tokensPerSecond: 5 };
    await health.report(permit, { kind: "answered", sample });
    expect((await health.snapshot()).get(ref)).toMatchObject({ breaker: { kind: "open" }, latency: sample });
    testLedger.clock.nowMs += 10_000;
    expect(await health.acquire(ref, options, false)).toMatchObject({ modelProbe: expect.any(String) });
    await health.report(permit, answered);
    await health.reached(permit);
    await failOnce(health, ref, options);
    expect((await health.snapshot()).get(ref)?.breaker).toMatchObject({ kind: "half-open" });
  });

  it("keep a probe while its process renews it, and permit another after it stops", async () => {
    const testLedger = createTestLedger();
    const health = await probing(testLedger);
    const other = (await testLedger.open()).health;
    for (let renewal = 0; renewal < 5; renewal += 1) {
      testLedger.clock.nowMs += 50_000;
      await health.renewProbes();
      expect(await other.acquire(ref, options, false)).toBeUndefined();
    }
    testLedger.clock.nowMs += 60_000;
    expect(await other.acquire(ref, options, false)).toBeUndefined();
    testLedger.clock.nowMs += 20_000;
    expect(await other.acquire(ref, options, false)).toMatchObject({ modelProbe: expect.any(String) });
  });

  it("permit another probe when their process has lost one", async () => {
    const testLedger = createTestLedger();
    const health = await probing(testLedger);
    for (let minute = 0; minute < 20; minute += 1) {
      testLedger.clock.nowMs += 50_000;
      await health.renewProbes();
    }
    expect(await health.acquire(ref, options, false)).toMatchObject({ modelProbe: expect.any(String) });
  });

  it("of one model do not affect another model or their provider", async () => {
    const testLedger = createTestLedger();
    const { health } = await opened(testLedger);
    const other = { ref: "openai/gpt-6.1-sol", options };
    expect(await health.acquire(other.ref, options, false)).toEqual(other);
  });

  it("of a provider affect all its models, and count consecutive failures only", async () => {
    const { health } = await createTestLedger().open();
    const unreachable = () => failOnce(health, ref, options, "provider");
    await unreachable();
    await unreachable();
    await health.report(permit, { kind: "failed", breaker: "none", isProviderReached: true });
    await unreachable();
    await unreachable();
    expect(await health.acquire("openai/other", options, false)).toBeDefined();
    await unreachable();
    expect(await health.acquire("openai/other", options, false)).toBeUndefined();
    expect(await health.acquire("anthropic/other", options, false)).toBeDefined();
  });

  it("close at a reset, which removes the pause too", async () => {
    const testLedger = createTestLedger();
    const { health } = await opened(testLedger);
    await health.report(
      permit,
      paused("model", { kind: "unchanged", reason: "not-found", fingerprint: "f" }),
    );
    await health.reset(ref);
    expect((await health.snapshot()).get(ref)).toEqual({
      breaker: { kind: "closed", failures: 0 },
      switchedOff: false,
    });
  });
});

describe("pauses", () => {
  it("end by themselves when their time is up", async () => {
    const testLedger = createTestLedger();
    const { health } = await testLedger.open();
    const pause = { kind: "until", reason: "rate-limit", untilMs: testLedger.clock.nowMs + 5_000 } as const;
    await health.report(permit, paused("model", pause));
    expect((await health.snapshot()).get(ref)?.pause).toEqual(pause);
    testLedger.clock.nowMs += 5_000;
    expect((await health.snapshot()).get(ref)?.pause).toBeUndefined();
  });

  it("are not shortened by a shorter pause of their kind", async () => {
    const testLedger = createTestLedger();
    const { health } = await testLedger.open();
    const untilMs = testLedger.clock.nowMs + 5_000;
    await health.report(permit, paused("model", { kind: "until", reason: "rate-limit", untilMs }));
    await health.report(
      permit,
      paused("model", { kind: "until", reason: "rate-limit", untilMs: untilMs - 1_000 }),
    );
    expect((await health.snapshot()).get(ref)?.pause).toMatchObject({ untilMs });
  });

  it("start with an answer whose headers report the rate limit as used up", async () => {
    const testLedger = createTestLedger();
    const { health } = await testLedger.open();
    const exhaustedUntilMs = testLedger.clock.nowMs + 5_000;
    await health.report(permit, { kind: "answered", exhaustedUntilMs });
    expect((await health.snapshot()).get(ref)?.pause).toEqual({
      ...{ kind: "until", reason: "rate-limit", untilMs: exhaustedUntilMs },
    });
  });

  it("last when the provider was reached and gave no answer", async () => {
    const { health } = await createTestLedger().open();
    const pause = { kind: "unchanged", reason: "auth", fingerprint: "f" } as const;
    await health.report(permit, paused("provider", pause));
    await health.report(permit, { kind: "failed", breaker: "none", isProviderReached: true });
    expect((await health.snapshot()).get("openai")?.pause).toMatchObject({ reason: "auth" });
  });

  it("end with an answer, except for a rate limit", async () => {
    const testLedger = createTestLedger();
    const { health } = await testLedger.open();
    const untilMs = testLedger.clock.nowMs + 5_000;
    await health.report(permit, paused("provider", { kind: "unchanged", reason: "auth", fingerprint: "f" }));
    await health.report(permit, paused("model", { kind: "until", reason: "rate-limit", untilMs }));
    await health.report(permit, answered);
    const snapshot = await health.snapshot();
    expect(snapshot.get("openai")?.pause).toBeUndefined();
    expect(snapshot.get(ref)?.pause).toMatchObject({ reason: "rate-limit" });
  });
});

describe("the stored health", () => {
  it("keeps a model turned off until it is turned on, whatever it answers", async () => {
    const testLedger = createTestLedger();
    const ledger = await testLedger.open();
    await ledger.health.setSwitchedOff(ref, true);
    await ledger.health.report(permit, answered);
    await ledger.health.reset(ref);
    await ledger.close();
    const { health } = await testLedger.open();
    expect((await health.snapshot()).get(ref)?.switchedOff).toBe(true);
    await health.setSwitchedOff(ref, false);
    expect((await health.snapshot()).get(ref)?.switchedOff).toBe(false);
  });

  describe("includes a model's latency", () => {
    const HOUR_MS = 3_600_000;
    const HALF_LIFE_HOURS = 6;

    async function measured() {
      const { open, clock } = createTestLedger();
      const ledger = await open();
      const answer = async (count: number, firstTokenMs: number) => {
        for (let at = 0; at < count; at += 1) {
          const sample = { firstTokenMs, tokensPerSecond: 1000 / firstTokenMs };
          await ledger.health.report(permit, { kind: "answered", sample });
        }
      };
      const latency = async () => (await ledger.health.snapshot()).get(ref)?.latency;
      return { answer, latency, clock };
    }

    it("that follows a change of speed within eight answers", async () => {
      const { answer, latency } = await measured();
      await answer(30, 400);
      await answer(3, 20);
      expect((await latency())?.firstTokenMs).toBe(400);
      await answer(5, 20);
      expect(await latency()).toMatchObject({ firstTokenMs: 20, tokensPerSecond: 50 });
    });

    it("that one answer replaces after a day, and whose weight halves every six hours", async () => {
      const { answer, latency, clock } = await measured();
      await answer(20, 400);
      const { weight = 0 } = (await latency()) ?? {};
      expect(weight).toBeGreaterThan(6);
      clock.nowMs += HALF_LIFE_HOURS * HOUR_MS;
      expect((await latency())?.weight).toBeCloseTo(weight / 2, 6);
      clock.nowMs += 24 * HOUR_MS;
      expect((await latency())?.weight).toBeLessThan(0.5);
      await answer(1, 20);
      expect((await latency())?.firstTokenMs).toBeLessThan(100);
    });
  });

  it("is not written by the answer of a healthy model, but for its latency in the background", async () => {
    const parts = await createTestLedger().openParts();
    const health = new SqliteHealth(parts);
    await parts.database.read((sql) => sql.script("PRAGMA query_only = true"));
    const acquired = await health.acquire(ref, options, false);
    if (acquired === undefined) throw new Error("The breaker is open.");
    await health.reached(acquired);
    await health.report(acquired, { kind: "answered", sample: { firstTokenMs: 5, tokensPerSecond: 7 } });
    await parts.database.read((sql) => sql.script("PRAGMA query_only = false"));
    const rows = () => parts.database.read((sql) => sql.all("SELECT subject FROM health"));
    expect(await rows()).toEqual([]);
    await parts.queue.flush();
    expect(await rows()).toEqual([{ subject: ref }]);
  });

  it("notifies listeners of changes only", async () => {
    const { health } = await createTestLedger().open();
    let calls = 0;
    health.onDidChange(() => {
      calls += 1;
    });
    await health.report(permit, answered);
    await failOnce(health, ref, options);
    await health.snapshot();
    expect(calls).toBe(1);
  });

  it("does not fail an answer when it cannot be written, and fails what the user changes", async () => {
    const parts = await createTestLedger().openParts();
    const health = new SqliteHealth(parts);
    await parts.database.read((sql) => sql.script("PRAGMA query_only = true"));
    await failOnce(health, ref, options);
    await health.report(permit, paused("model", { kind: "until", reason: "quota", untilMs: 5 }));
    await health.report(permit, { kind: "answered", sample: { firstTokenMs: 1, tokensPerSecond: 1 } });
    await expect(health.setSwitchedOff(ref, true)).rejects.toThrow("cannot be written");
  });
});
