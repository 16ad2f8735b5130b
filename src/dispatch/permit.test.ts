import { describe, expect, it } from "vitest";
import { keywordDecision } from "../../test/support/answers.ts";
import { createTestLedger, failOnce } from "../../test/support/ledgers/testLedger.ts";
import { scriptedProvider } from "../../test/support/providers/scriptedProvider.ts";
import { requestContext } from "../../test/support/requestContext.ts";
import { attributes } from "../../test/support/routing/worlds.ts";
import type { FailureRecord } from "../contract/failure.ts";
import { readSettings } from "../settings/read.ts";
import { Permit } from "./permit.ts";

const REF = "p/m";
const breaker = { failures: 1, openMs: 1_000, maxOpenMs: 4_000 };
const cut: FailureRecord = { kind: "cut", provider: "p", message: "broke" };
const unreachable: FailureRecord = { kind: "unreachable", provider: "p", message: "refused" };
const cancelled: FailureRecord = { kind: "cancelled", provider: "p", message: "" };

/** The breakers of a real ledger, and permits acquired from them. */
async function breakers() {
  const { clock, open } = createTestLedger();
  const { health } = await open();
  const { settings } = readSettings({ "switchyard.breaker": breaker });
  const contextOf = (isExplicit: boolean) =>
    requestContext(scriptedProvider("p", { script: () => [] }), {
      health,
      settings,
      clock: { now: () => clock.nowMs, sleep: async () => undefined },
      decision: keywordDecision(REF, {
        attributes: attributes({ explicitModel: isExplicit ? REF : undefined }),
      }),
    }).context;
  const acquire = async (isExplicit = false) => {
    const permit = await Permit.acquire(REF, contextOf(isExplicit));
    if (permit === undefined) throw new Error("No permit.");
    return permit;
  };
  const fail = async (permit: Permit, failure: FailureRecord) => {
    permit.failed(failure, false);
    await permit[Symbol.asyncDispose]();
  };
  const answer = async (permit: Permit) => {
    permit.answered(undefined, undefined);
    await permit[Symbol.asyncDispose]();
  };
  const isRefused = async () => (await Permit.acquire(REF, contextOf(false))) === undefined;
  const breakerOf = async (subject: string) => (await health.snapshot()).get(subject)?.breaker;
  return { clock, health, acquire, fail, answer, isRefused, breakerOf };
}

describe("the probe of a model's breaker", () => {
  async function probed() {
    const all = await breakers();
    const earlier = await all.acquire();
    await all.fail(await all.acquire(), cut);
    expect(await all.isRefused()).toBe(true);
    all.clock.nowMs += 1_000;
    return { ...all, earlier, probe: await all.acquire() };
  }

  it("closes the breaker with its complete answer, and not with its first token", async () => {
    const { probe, answer, isRefused, breakerOf } = await probed();
    await probe.alive();
    expect((await breakerOf(REF))?.kind).toBe("half-open");
    expect(await isRefused()).toBe(true);
    await answer(probe);
    expect((await breakerOf(REF))?.kind).toBe("closed");
  });

  it("re-opens the breaker for twice as long when it breaks off after its first token", async () => {
    const { probe, fail, breakerOf } = await probed();
    await probe.alive();
    await fail(probe, cut);
    expect(await breakerOf(REF)).toMatchObject({ kind: "open", openMs: 2_000 });
  });

  it("keeps the breaker open and is due for the next request when it is cancelled", async () => {
    const { probe, acquire, fail, breakerOf } = await probed();
    await probe.alive();
    await fail(probe, cancelled);
    expect((await breakerOf(REF))?.kind).toBe("open");
    await acquire();
    expect((await breakerOf(REF))?.kind).toBe("half-open");
  });

  it("is due again when its attempt ends without an outcome", async () => {
    const { probe, acquire, breakerOf } = await probed();
    await probe[Symbol.asyncDispose]();
    expect((await breakerOf(REF))?.kind).toBe("open");
    await acquire();
    expect((await breakerOf(REF))?.kind).toBe("half-open");
  });

  it.each(["well", "badly"])("is not overruled by an earlier request that ends %s meanwhile", async (how) => {
    const { earlier, probe, answer, fail, breakerOf } = await probed();
    await (how === "well" ? answer(earlier) : fail(earlier, cut));
    expect((await breakerOf(REF))?.kind).toBe("half-open");
    await answer(probe);
    expect((await breakerOf(REF))?.kind).toBe("closed");
  });

  it("is not overruled by an explicit choice that answers meanwhile", async () => {
    const { acquire, answer, breakerOf } = await probed();
    await answer(await acquire(true));
    expect((await breakerOf(REF))?.kind).toBe("half-open");
  });
});

describe("a provider's breaker", () => {
  it("is closed by the first token of its probe", async () => {
    const { clock, acquire, fail, breakerOf } = await breakers();
    await fail(await acquire(), unreachable);
    clock.nowMs += 1_000;
    const probe = await acquire();
    expect((await breakerOf("p"))?.kind).toBe("half-open");
    await probe.alive();
    expect((await breakerOf("p"))?.kind).toBe("closed");
  });

  it("has its probe due again if the model itself is paused", async () => {
    const { clock, health, acquire, fail, isRefused, breakerOf } = await breakers();
    await fail(await acquire(), unreachable);
    await failOnce(health, REF, { ...breaker, openMs: 60_000 });
    clock.nowMs += 1_000;
    expect(await isRefused()).toBe(true);
    expect((await breakerOf("p"))?.kind).toBe("open");
    expect(await health.acquire("p/other", breaker, false)).toMatchObject({
      providerProbe: expect.any(String),
    });
  });

  it("keeps the pause for a wrong key when another request fails for another reason", async () => {
    const { health, acquire, fail } = await breakers();
    const [one, other] = [await acquire(), await acquire()];
    await fail(one, { kind: "auth", provider: "p", status: 401, message: "bad key" });
    await fail(other, { kind: "overloaded", provider: "p", status: 503, message: "busy" });
    expect((await health.snapshot()).get("p")?.pause).toEqual({
      kind: "unchanged",
      reason: "auth",
      fingerprint: "f",
    });
  });
});
