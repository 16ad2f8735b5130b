import { describe, expect, test } from "vitest";
import { createTestLedger, failOnce } from "../../test/support/testLedger.ts";
import type { FailureRecord } from "../contract/failure.ts";
import { leaveToAsk } from "./admission.ts";

const REF = "p/m";
const breaker = { failures: 1, openMs: 1_000, maxOpenMs: 4_000 };
const cut: FailureRecord = { kind: "cut", provider: "p", message: "broke" };
const unreachable: FailureRecord = { kind: "unreachable", provider: "p", message: "nobody" };

/** The breakers of a real ledger, and how leave is asked of them. */
async function breakers() {
  const { clock, open } = createTestLedger();
  const { health } = await open();
  const options = { breaker, force: false, now: () => clock.nowMs, fingerprintOf: () => "f" };
  const ask = async (force = false) => {
    const leave = await leaveToAsk(REF, health, { ...options, force });
    if (leave === undefined) throw new Error("Leave was refused.");
    return leave;
  };
  const isRefused = async () => (await leaveToAsk(REF, health, options)) === undefined;
  const kindOf = async (subject: string) => (await health.snapshot()).get(subject)?.breaker.kind;
  return { clock, health, ask, isRefused, kindOf };
}

describe("the probe of a breaker that was open", () => {
  async function probed() {
    const of = await breakers();
    const earlier = await of.ask();
    await (await of.ask()).failed(cut);
    expect(await of.isRefused()).toBe(true);
    of.clock.nowMs += 1_000;
    return { ...of, earlier, probe: await of.ask() };
  }

  test("closes it with its whole answer, and not with its first word", async () => {
    const { probe, isRefused, kindOf } = await probed();
    await probe.alive();
    expect(await kindOf(REF)).toBe("half-open");
    expect(await isRefused()).toBe(true);
    await probe.answered(undefined, undefined);
    expect(await kindOf(REF)).toBe("closed");
  });

  test("that breaks off after its first word re-opens it for twice as long", async () => {
    const { probe, health } = await probed();
    await probe.alive();
    await probe.failed(cut);
    expect((await health.snapshot()).get(REF)?.breaker).toMatchObject({ kind: "open", openMs: 2_000 });
  });

  test("that is cancelled leaves it open, and its place to the next", async () => {
    const { probe, ask, kindOf } = await probed();
    await probe.alive();
    await probe.failed({ kind: "cancelled", provider: "p", message: "" });
    expect(await kindOf(REF)).toBe("open");
    await ask();
    expect(await kindOf(REF)).toBe("half-open");
  });

  test("is not outdone by an earlier request that ends, well or badly, while it is on its way", async () => {
    const { earlier, probe, kindOf } = await probed();
    await earlier.answered({ firstTokenMs: 5, tokensPerSecond: 5 }, undefined);
    await earlier.failed(cut);
    expect(await kindOf(REF)).toBe("half-open");
    await probe.answered(undefined, undefined);
    expect(await kindOf(REF)).toBe("closed");
  });

  test("is not outdone by an explicit choice beside it", async () => {
    const { ask, kindOf } = await probed();
    await (await ask(true)).answered(undefined, undefined);
    expect(await kindOf(REF)).toBe("half-open");
  });
});

test("a provider that could not be reached is closed again by its probe's first word", async () => {
  const { clock, ask, kindOf } = await breakers();
  await (await ask()).failed(unreachable);
  clock.nowMs += 1_000;
  const probe = await ask();
  expect(await kindOf("p")).toBe("half-open");
  await probe.alive();
  expect(await kindOf("p")).toBe("closed");
});

test("a probe of the provider is given back where the model itself is paused", async () => {
  const { clock, health, ask, isRefused, kindOf } = await breakers();
  await (await ask()).failed(unreachable);
  await failOnce(health, REF, { ...breaker, openMs: 60_000 });
  clock.nowMs += 1_000;
  expect(await isRefused()).toBe(true);
  expect(await kindOf("p")).toBe("open");
  expect(await health.acquire("p/other", breaker, false)).toMatchObject({
    providerProbe: expect.any(String),
  });
});

test("a wrong key stays blocked though the provider goes on saying so", async () => {
  const { health, ask } = await breakers();
  const [one, other] = [await ask(), await ask()];
  await one.failed({ kind: "auth", provider: "p", status: 401, message: "bad key" });
  await other.failed({ kind: "overloaded", provider: "p", status: 503, message: "busy" });
  expect((await health.snapshot()).get("p")?.pause).toEqual({
    ...{ kind: "unchanged", reason: "auth", fingerprint: "f" },
  });
});
