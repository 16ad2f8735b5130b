import { describe, expect, it } from "vitest";
import { scene } from "../../../test/faults/ledgerScene.ts";

const options = { failures: 3, openMs: 10_000, maxOpenMs: 30_000 };
const ref = "openai/gpt-6-luna";

async function opened(on: ReturnType<typeof scene>) {
  const ledger = await on.open();
  for (let failure = 0; failure < 3; failure += 1) await ledger.health.failed(ref, options);
  return ledger;
}

describe("breakers", () => {
  it("are shared by all processes, and survive a restart", async () => {
    const on = scene();
    const ledger = await opened(on);
    const paused = { kind: "paused", nextTryAtMs: on.clock.nowMs + 10_000, failures: 3 };
    expect(await (await on.open()).health.admit(ref, options, false)).toEqual(paused);
    await ledger.close();
    expect(await (await on.open()).health.admit(ref, options, false)).toEqual(paused);
  });

  it("let one probe through, however many ask in however many processes", async () => {
    const on = scene();
    const ledgers = [await opened(on), await on.open(), await on.open()];
    on.clock.nowMs += 10_000;
    const asked = ledgers.flatMap((ledger) =>
      Array.from({ length: 10 }, () => ledger.health.admit(ref, options, false)),
    );
    const kinds = (await Promise.all(asked)).map((admission) => admission.kind);
    expect(kinds.filter((kind) => kind === "probe")).toHaveLength(1);
    expect(kinds.filter((kind) => kind === "paused")).toHaveLength(29);
  });

  it("close when the probe succeeds, and stay open when it was cancelled", async () => {
    const on = scene();
    const { health } = await opened(on);
    on.clock.nowMs += 10_000;
    const admission = await health.admit(ref, options, false);
    if (admission.kind !== "probe") throw new Error("No probe was due.");
    await health.released(ref, admission.probe);
    expect((await health.snapshot()).get(ref)?.breaker).toMatchObject({ kind: "open" });
    expect(await health.admit(ref, options, false)).toMatchObject({ kind: "probe" });
    await health.succeeded(ref);
    expect(await health.admit(ref, options, false)).toEqual({ kind: "go" });
  });

  it("of one model say nothing of another", async () => {
    const on = scene();
    const { health } = await opened(on);
    expect(await health.admit("openai/gpt-6.1-sol", options, false)).toEqual({ kind: "go" });
    expect(await health.admit("openai", options, false)).toEqual({ kind: "go" });
  });

  it("close at a reset, which lifts the block too", async () => {
    const on = scene();
    const { health } = await opened(on);
    await health.block(ref, { kind: "unchanged", reason: "not-found", fingerprint: "f" });
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
    await health.block(ref, block);
    expect((await health.snapshot()).get(ref)?.block).toEqual(block);
    on.clock.nowMs += 5_000;
    expect((await health.snapshot()).get(ref)?.block).toBeUndefined();
  });

  it("are not cut short by a shorter pause of their kind", async () => {
    const on = scene();
    const { health } = await on.open();
    const untilMs = on.clock.nowMs + 5_000;
    await health.block(ref, { kind: "until", reason: "rate-limit", untilMs });
    await health.block(ref, { kind: "until", reason: "rate-limit", untilMs: untilMs - 1_000 });
    expect((await health.snapshot()).get(ref)?.block).toMatchObject({ untilMs });
  });

  it("are lifted by an answer, except a rate limit", async () => {
    const on = scene();
    const { health } = await on.open();
    await health.block("openai", { kind: "unchanged", reason: "auth", fingerprint: "f" });
    await health.block(ref, { kind: "until", reason: "rate-limit", untilMs: on.clock.nowMs + 5_000 });
    await health.succeeded("openai");
    await health.succeeded(ref);
    const snapshot = await health.snapshot();
    expect(snapshot.get("openai")?.block).toBeUndefined();
    expect(snapshot.get(ref)?.block).toMatchObject({ reason: "rate-limit" });
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
