import { describe, expect, test } from "vitest";
import { card } from "../../test/support/worlds.ts";
import { systemClock } from "../base/clock.ts";
import type { Budget, Settlement } from "../contract/budget.ts";
import { Failure } from "../contract/failure.ts";
import type { Provider, ProviderEvent } from "../contract/provider.ts";
import { runAttempt } from "./attempt.ts";

const settled: Settlement[] = [];

const budget: Budget = {
  reserve: () => Promise.reject(new Error("unused")),
  progress: async () => undefined,
  settle: async (_id, settlement) => void settled.push(settlement),
  spent: () => Promise.reject(new Error("unused")),
  today: () => Promise.reject(new Error("unused")),
  month: () => Promise.reject(new Error("unused")),
  onDidChange: () => () => undefined,
};

function saying(...events: readonly (ProviderEvent | Failure)[]): Provider {
  return {
    id: "p",
    async *ask() {
      for (const event of events) {
        if (event instanceof Failure) throw event;
        yield event;
      }
    },
    listModels: async () => [],
  };
}

async function attempt(provider: Provider, of = card("p/m")) {
  const running = runAttempt(
    {
      ref: "p/m",
      card: of,
      provider,
      reservationId: "r",
      heldNanoUsd: 1_000_000,
      onAlive: async () => undefined,
      inputTokens: () => 100,
      requestStartedMs: systemClock.now(),
      ask: {
        model: "m",
        messages: [],
        maxOutputTokens: 100,
        limits: { connectMs: 1000, firstTokenMs: 1000, idleMs: 1000 },
      },
    },
    budget,
    systemClock,
    new AbortController().signal,
  );
  for (;;) {
    const next = await running.next();
    if (next.done === true) return next.value;
  }
}

const cut = new Failure({ kind: "cut", provider: "p", message: "broke" });

describe("one attempt", () => {
  test("that broke in the midst of a tool call is charged for the pieces that nobody saw", async () => {
    const end = await attempt(saying({ type: "unseen", characters: 30_000 }, cut));
    expect(end).toMatchObject({ shown: "nothing", passedOn: false });
    expect(settled.at(-1)?.usage?.outputTokens).toBeGreaterThan(10_000);
  });

  test("counts a tool call once, whole or in pieces", async () => {
    const call = { type: "toolCall", id: "1", name: "look", argumentsJson: "x".repeat(3000) } as const;
    await attempt(saying({ type: "unseen", characters: 3000 }, call, cut));
    const inPieces = settled.at(-1)?.usage?.outputTokens;
    await attempt(saying(call, cut));
    expect(inPieces).toBe(settled.at(-1)?.usage?.outputTokens);
  });

  test("that failed is charged what its provider says that it used", async () => {
    const usage = {
      inputTokens: 200,
      outputTokens: 8,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 8,
    };
    const tooLong = new Failure({ kind: "context-length", provider: "p", message: "too long" });
    const end = await attempt(saying({ type: "usage", usage }, tooLong));
    expect(end.attempt.cost).toMatchObject({ kind: "exact", nanoUsd: 240_000 });
  });

  test("whose usage nobody told is taken to have written its input into the cache, where that costs more", async () => {
    const dear = card("p/m", { cacheWriteUsdPerMTok: 1.25 });
    const end = await attempt(saying({ type: "text", text: "Hm" }, cut), dear);
    expect(end.attempt.usage).toMatchObject({ cacheWriteTokens: 115, inputTokens: 115 });
  });

  test("that only reasoned has shown nothing: another model may answer", async () => {
    const end = await attempt(saying({ type: "reasoning", text: "Hm." }, cut));
    expect(end).toMatchObject({ shown: "nothing", passedOn: true });
    expect(end.attempt.outcome).toMatchObject({ kind: "failed", failure: { kind: "cut" } });
  });

  test("that ends without a finish reason was cut", async () => {
    const end = await attempt(saying({ type: "text", text: "Half of it" }));
    expect(end).toMatchObject({ shown: "text", attempt: { outcome: { failure: { kind: "cut" } } } });
    expect(end.finish).toBeUndefined();
  });

  test("is settled by the provider's count, and by ours, which errs high, where there is none", async () => {
    const usage = {
      inputTokens: 90,
      outputTokens: 10,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      reasoningTokens: 0,
    };
    const whole = await attempt(
      saying({ type: "text", text: "Yes." }, { type: "usage", usage }, { type: "end", reason: "stop" }),
    );
    expect(whole.attempt.cost).toEqual({ kind: "exact", nanoUsd: 90 * 1000 + 10 * 5000 });
    const torn = await attempt(saying({ type: "text", text: "Yes." }, cut));
    expect(torn.attempt.cost.kind).toBe("estimated");
    expect(torn.attempt.usage?.inputTokens).toBe(115);
    expect(settled.at(-1)?.cost).toEqual(torn.attempt.cost);
  });

  test("of a model that reasons unseen is settled at all that was held, when it did not end", async () => {
    const hidden = card("p/m", { capabilities: ["reasoning"], samplingParams: false });
    const torn = await attempt(saying({ type: "text", text: "Yes." }, cut), hidden);
    expect(torn.attempt.cost).toEqual({ kind: "estimated", nanoUsd: 1_000_000 });
    const open = await attempt(saying({ type: "reasoning", text: "Hm." }, cut), hidden);
    expect(open.attempt.cost.kind === "estimated" && open.attempt.cost.nanoUsd).toBeLessThan(1_000_000);
  });

  test("that a status refused costs nothing", async () => {
    const refused = new Failure({ kind: "overloaded", provider: "p", message: "busy", status: 529 });
    expect((await attempt(saying(refused))).attempt.cost).toEqual({ kind: "exact", nanoUsd: 0 });
  });
});
