import { describe, expect, it } from "vitest";
import { scene } from "../../../test/faults/ledgerScene.ts";
import { SqliteHealth } from "./health.ts";

const options = { failures: 3, openMs: 10_000, maxOpenMs: 30_000 };
const ref = "openai/gpt-6-luna";

async function opened(on: ReturnType<typeof scene>) {
  const ledger = await on.open();
  for (let failure = 0; failure < 3; failure += 1) await ledger.health.failed(ref, options);
  return ledger;
}

/** A second process's health, whose renewals the test makes, as the probe of an open breaker. */
async function probing(on: ReturnType<typeof scene>): Promise<SqliteHealth> {
  await opened(on);
  const health = new SqliteHealth(await on.openParts());
  on.clock.nowMs += 10_000;
  expect(await health.acquire(ref, options, false)).toMatchObject({ kind: "probe" });
  return health;
}

describe("breakers", () => {
  it("are shared by all processes, and survive a restart", async () => {
    const on = scene();
    const ledger = await opened(on);
    const paused = { kind: "paused", nextTryAtMs: on.clock.nowMs + 10_000, failures: 3 };
    expect(await (await on.open()).health.acquire(ref, options, false)).toEqual(paused);
    await ledger.close();
    expect(await (await on.open()).health.acquire(ref, options, false)).toEqual(paused);
  });

  it("let one probe through, however many ask in however many processes", async () => {
    const on = scene();
    const ledgers = [await opened(on), await on.open(), await on.open()];
    on.clock.nowMs += 10_000;
    const asked = ledgers.flatMap((ledger) =>
      Array.from({ length: 10 }, () => ledger.health.acquire(ref, options, false)),
    );
    const kinds = (await Promise.all(asked)).map((admission) => admission.kind);
    expect(kinds.filter((kind) => kind === "probe")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "paused")).toHaveLength(29);
  });

  it("close when the probe succeeds, and stay open when it was cancelled", async () => {
    const on = scene();
    const { health } = await opened(on);
    on.clock.nowMs += 10_000;
    const admission = await health.acquire(ref, options, false);
    if (admission.kind !== "probe") throw new Error("No probe was due.");
    await health.released(ref, admission.probe);
    expect((await health.snapshot()).get(ref)?.breaker).toMatchObject({ kind: "open" });
    const next = await health.acquire(ref, options, false);
    if (next.kind !== "probe") throw new Error("The place was not free.");
    await health.succeeded(ref, undefined, next.probe);
    expect(await health.acquire(ref, options, false)).toEqual({ kind: "go" });
  });

  it("are not closed by the late answer of an earlier request, and not re-opened by its failure", async () => {
    const on = scene();
    const { health } = await opened(on);
    const sample = { firstTokenMs: 5, tokensPerSecond: 5 };
    await health.succeeded(ref, sample);
    expect((await health.snapshot()).get(ref)).toMatchObject({ breaker: { kind: "open" }, latency: sample });
    on.clock.nowMs += 10_000;
    const { kind } = await health.acquire(ref, options, false);
    await health.succeeded(ref);
    await health.reached(ref);
    await health.failed(ref, options);
    expect(kind).toBe("probe");
    expect((await health.snapshot()).get(ref)?.breaker).toMatchObject({ kind: "half-open" });
  });

  it("keep a probe's place while its process lives, and free it when it does not", async () => {
    const on = scene();
    const health = await probing(on);
    const other = (await on.open()).health;
    for (let renewal = 0; renewal < 5; renewal += 1) {
      on.clock.nowMs += 50_000;
      await health.renewProbes();
      expect(await other.acquire(ref, options, false)).toMatchObject({ kind: "paused" });
    }
    on.clock.nowMs += 60_000;
    expect(await other.acquire(ref, options, false)).toMatchObject({ kind: "paused" });
    on.clock.nowMs += 20_000;
    expect(await other.acquire(ref, options, false)).toMatchObject({ kind: "probe" });
  });

  it("give up a probe that its process has lost", async () => {
    const on = scene();
    const health = await probing(on);
    for (let minute = 0; minute < 20; minute += 1) {
      on.clock.nowMs += 50_000;
      await health.renewProbes();
    }
    expect(await health.acquire(ref, options, false)).toMatchObject({ kind: "probe" });
  });

  it("of one model say nothing of another", async () => {
    const on = scene();
    const { health } = await opened(on);
    expect(await health.acquire("openai/gpt-6.1-sol", options, false)).toEqual({ kind: "go" });
    expect(await health.acquire("openai", options, false)).toEqual({ kind: "go" });
  });

  it("close at a reset, which lifts the block too", async () => {
    const on = scene();
    const { health } = await opened(on);
    await health.pause(ref, { kind: "unchanged", reason: "not-found", fingerprint: "f" });
    await health.reset(ref);
    expect((await health.snapshot()).get(ref)).toEqual({
      breaker: { kind: "closed", failures: 0 },
      switchedOff: false,
    });
  });
});

describe("blocks", () => {
  it("end by themselves when their time is up", async () => {
    const on = scene();
    const { health } = await on.open();
    const block = { kind: "until", reason: "rate-limit", untilMs: on.clock.nowMs + 5_000 } as const;
    await health.pause(ref, block);
    expect((await health.snapshot()).get(ref)?.pause).toEqual(block);
    on.clock.nowMs += 5_000;
    expect((await health.snapshot()).get(ref)?.pause).toBeUndefined();
  });

  it("are not cut short by a shorter pause of their kind", async () => {
    const on = scene();
    const { health } = await on.open();
    const untilMs = on.clock.nowMs + 5_000;
    await health.pause(ref, { kind: "until", reason: "rate-limit", untilMs });
    await health.pause(ref, { kind: "until", reason: "rate-limit", untilMs: untilMs - 1_000 });
    expect((await health.snapshot()).get(ref)?.pause).toMatchObject({ untilMs });
  });

  it("stay where the provider was reached and gave no answer", async () => {
    const { health } = await scene().open();
    await health.pause("openai", { kind: "unchanged", reason: "auth", fingerprint: "f" });
    await health.reached("openai");
    expect((await health.snapshot()).get("openai")?.pause).toMatchObject({ reason: "auth" });
  });

  it("are lifted by an answer, except a rate limit", async () => {
    const on = scene();
    const { health } = await on.open();
    await health.pause("openai", { kind: "unchanged", reason: "auth", fingerprint: "f" });
    await health.pause(ref, { kind: "until", reason: "rate-limit", untilMs: on.clock.nowMs + 5_000 });
    await health.succeeded("openai");
    await health.succeeded(ref);
    const snapshot = await health.snapshot();
    expect(snapshot.get("openai")?.pause).toBeUndefined();
    expect(snapshot.get(ref)?.pause).toMatchObject({ reason: "rate-limit" });
  });
});

it("keeps a model switched off until it is switched on, whatever it answers", async () => {
  const on = scene();
  const ledger = await on.open();
  await ledger.health.setSwitchedOff(ref, true);
  await ledger.health.succeeded(ref);
  await ledger.health.reset(ref);
  await ledger.close();
  const { health } = await on.open();
  expect((await health.snapshot()).get(ref)?.switchedOff).toBe(true);
  await health.setSwitchedOff(ref, false);
  expect((await health.snapshot()).get(ref)?.switchedOff).toBe(false);
});

it("tells a model's speed by the medians of its last twenty answers", async () => {
  const { health } = await scene().open();
  for (let answer = 1; answer <= 25; answer += 1) {
    await health.succeeded(ref, { firstTokenMs: answer * 10, tokensPerSecond: answer });
  }
  expect((await health.snapshot()).get(ref)?.latency).toEqual({
    firstTokenMs: 155,
    tokensPerSecond: 15.5,
    samples: 20,
  });
});

it("tells listeners of news, and not of none", async () => {
  const { health } = await scene().open();
  let told = 0;
  health.onDidChange(() => {
    told += 1;
  });
  await health.succeeded("openai");
  await health.failed(ref, options);
  await health.snapshot();
  expect(told).toBe(1);
});

it("fails no answer where the file cannot be written, and tells the user who wants to change something", async () => {
  const parts = await scene().openParts();
  const health = new SqliteHealth(parts);
  await parts.database.read((sql) => sql.script("PRAGMA query_only = true"));
  await health.failed(ref, options);
  await health.pause(ref, { kind: "until", reason: "quota", untilMs: 5 });
  await health.succeeded(ref, { firstTokenMs: 1, tokensPerSecond: 1 });
  await expect(health.setSwitchedOff(ref, true)).rejects.toThrow("cannot be written");
});
