import { describe, expect, it, onTestFinished } from "vitest";
import type { Fault } from "../../../src/simulator/faults.ts";
import { answerOf, request, startTestChain, type TestChain } from "./testChain.ts";

const [BOX, CLAUDE] = ["box/sim-premium", "anthropic/sim-balanced"] as const;

/** Dollars per million tokens: a token costs 1,000 times as many nano-dollars. */
const CARD = {
  inputUsdPerMTok: 1,
  outputUsdPerMTok: 5,
  cacheReadUsdPerMTok: 0.1,
  cacheWriteUsdPerMTok: 1.25,
  tiers: [{ aboveInputTokens: 200_000, inputUsdPerMTok: 2, outputUsdPerMTok: 7.5 }],
  quality: 0.7,
};

async function priced(settings: Readonly<Record<string, unknown>> = {}): Promise<TestChain> {
  const scene = await startTestChain({
    kinds: ["openai-compatible", "anthropic", "openai"],
    settings: { "switchyard.models": { [BOX]: CARD, [CLAUDE]: CARD }, ...settings },
  });
  onTestFinished(() => scene.close());
  return scene;
}

function usageOf(usage: Readonly<Record<string, unknown>>): Fault {
  return { kind: "wrongUsage", usage };
}

/** The summary of an answer by one model, whose provider reports this usage. */
async function answerWithUsage(scene: TestChain, ref: typeof BOX | typeof CLAUDE, fault: Fault) {
  scene.simulator.injectFault({ fault });
  const { summary } = await answerOf(scene, request({ explicitModel: ref }));
  expect(summary.ending).toEqual({ kind: "complete" });
  return summary;
}

async function costOf(scene: TestChain, ref: typeof BOX | typeof CLAUDE, fault: Fault) {
  return (await answerWithUsage(scene, ref, fault)).cost;
}

describe("the cost of an answer", () => {
  it.each([
    [
      "cached reads and reasoning on OpenAI's wire",
      BOX,
      {
        prompt_tokens: 1000,
        completion_tokens: 200,
        prompt_tokens_details: { cached_tokens: 600 },
        completion_tokens_details: { reasoning_tokens: 150 },
      },
      400 * 1000 + 600 * 100 + 200 * 5000,
    ],
    [
      "cached reads and cache writes on Anthropic's wire",
      CLAUDE,
      {
        input_tokens: 100,
        cache_read_input_tokens: 600,
        cache_creation_input_tokens: 300,
        output_tokens: 200,
      },
      100 * 1000 + 600 * 100 + 300 * 1250 + 200 * 5000,
    ],
    [
      "a price tier that the prompt exceeds",
      BOX,
      { prompt_tokens: 200_001, completion_tokens: 100 },
      200_001 * 2000 + 100 * 7500,
    ],
    [
      "cache writes for an hour on Anthropic's wire",
      CLAUDE,
      {
        input_tokens: 100,
        cache_creation_input_tokens: 500,
        cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 300 },
        output_tokens: 200,
      },
      100 * 1000 + 200 * 1250 + 300 * 2000 + 200 * 5000,
    ],
    [
      "cached tokens beside the prompt's",
      BOX,
      {
        prompt_tokens: 100,
        completion_tokens: 200,
        total_tokens: 5300,
        prompt_tokens_details: { cached_tokens: 5000 },
      },
      100 * 1000 + 5000 * 100 + 200 * 5000,
    ],
    [
      "a fee, and the charge for a key of the user's own",
      BOX,
      {
        prompt_tokens: 1000,
        completion_tokens: 200,
        cost: 0,
        is_byok: true,
        cost_details: { upstream_inference_cost: 0.0285 },
      },
      28_500_000,
    ],
    [
      "a cost that the provider reports",
      BOX,
      { prompt_tokens: 1000, completion_tokens: 200, cost: 0.00042 },
      420_000,
    ],
  ] as const)(
    "is the same in the answer, the sums and the history with %s",
    async (_what, ref, usage, nanoUsd) => {
      const scene = await priced();
      const { cost, decisionId } = await answerWithUsage(scene, ref, usageOf(usage));
      expect(cost).toEqual({ kind: "exact", nanoUsd });
      const { budget, history } = scene.ledger;
      const sum = { nanoUsd, attempts: 1 };
      expect(await budget.today()).toMatchObject({
        ...{ spentNanoUsd: nanoUsd, reservedNanoUsd: 0, unknownAttempts: 0 },
        byModel: [{ ref, ...sum }],
      });
      const record = await history.decision(decisionId);
      expect(record?.summary?.cost).toEqual({ kind: "exact", nanoUsd });
    },
  );
});

describe("a count of tokens that cannot be right", () => {
  it.each([
    ["zero", { prompt_tokens: 0, completion_tokens: 0 }],
    ["too low for the text", { prompt_tokens: 10, completion_tokens: 1 }],
    ["contradictory", { prompt_tokens: 10, completion_tokens: 200, cached_tokens: 900 }],
  ])("is replaced by a larger one, and the cost is an estimate, if it is %s", async (_what, usage) => {
    const scene = await priced();
    const { cost } = await answerWithUsage(scene, BOX, usageOf(usage));
    const exact = await costOf(scene, CLAUDE, { kind: "headers", headers: {} });
    if (cost.kind !== "estimated" || exact.kind !== "exact") throw new Error(JSON.stringify([cost, exact]));
    expect(cost.nanoUsd).toBeGreaterThanOrEqual(0.9 * exact.nanoUsd);
    expect((await scene.ledger.budget.today()).spentNanoUsd).toBe(cost.nanoUsd + exact.nanoUsd);
  });

  it("is an estimate at the price of text if it has audio that was not sent", async () => {
    const scene = await priced();
    const usage = { prompt_tokens: 100, completion_tokens: 200, prompt_tokens_details: { audio_tokens: 60 } };
    const nanoUsd = 100 * 1000 + 200 * 5000;
    expect(await costOf(scene, BOX, usageOf(usage))).toEqual({ kind: "estimated", nanoUsd });
  });
});

describe("an attempt without a complete answer", () => {
  it("costs nothing after an error status, and what was streamed after a cut", async () => {
    const scene = await priced();
    const [first, second] = scene.chain;
    scene.simulator.injectFault({
      model: first?.model ?? "",
      times: 2,
      fault: { kind: "status", status: 503 },
    });
    scene.simulator.injectFault({
      model: second?.model ?? "",
      fault: { kind: "cut", afterTokens: 20, how: "reset" },
    });
    const { summary } = await answerOf(scene, request({ canRetract: true }));
    const ofSecond = summary.attempts.filter(({ ref }) => ref === second?.ref).map(({ cost }) => cost);
    expect(ofSecond[0]).toMatchObject({ kind: "estimated" });
    const { byModel } = await scene.ledger.budget.today();
    expect(byModel.find(({ ref }) => ref === first?.ref)).toMatchObject({ nanoUsd: 0, attempts: 2 });
    const sum = ofSecond.reduce((total, cost) => total + (cost.kind === "unknown" ? 0 : cost.nanoUsd), 0);
    expect(sum).toBeGreaterThan(0);
    expect(byModel.find(({ ref }) => ref === second?.ref)?.nanoUsd).toBe(sum);
  });

  it("costs what was streamed when the user stops it", async () => {
    const scene = await priced();
    scene.simulator.injectFault({ fault: { kind: "stall", afterTokens: 20 } });
    const stop = new AbortController();
    const answer = answerOf(scene, request({ explicitModel: BOX }), stop.signal);
    await scene.simulator.nextRequest();
    await expect.poll(async () => (await scene.ledger.budget.today()).reservedNanoUsd).toBeGreaterThan(0);
    stop.abort();
    const { cost, ending } = (await answer).summary;
    expect(ending).toEqual({ kind: "stopped" });
    expect(cost.kind).toBe("estimated");
    const today = await scene.ledger.budget.today();
    expect(today).toMatchObject({
      reservedNanoUsd: 0,
      spentNanoUsd: cost.kind === "unknown" ? -1 : cost.nanoUsd,
    });
  });
});

describe("a model without a price", () => {
  const unpriced = { "switchyard.models": {} };

  it("has an unknown cost in the answer and in the sums", async () => {
    const scene = await priced({ ...unpriced, "switchyard.budget.dailyUsd": null });
    const usage = usageOf({ prompt_tokens: 1000, completion_tokens: 200 });
    expect(await costOf(scene, BOX, usage)).toEqual({ kind: "unknown" });
    expect(await scene.ledger.budget.today()).toMatchObject({
      ...{ spentNanoUsd: 0, unknownAttempts: 1 },
      byModel: [{ ref: BOX, nanoUsd: 0, attempts: 1, unknownAttempts: 1 }],
    });
  });

  it("has the cost that its provider reports", async () => {
    const scene = await priced({ ...unpriced, "switchyard.budget.dailyUsd": null });
    const usage = usageOf({ prompt_tokens: 1000, completion_tokens: 200, cost: 0.002 });
    expect(await costOf(scene, BOX, usage)).toEqual({ kind: "exact", nanoUsd: 2_000_000 });
  });

  it("is skipped with a reason if there is a budget", async () => {
    const scene = await priced(unpriced);
    const { summary, events } = await answerOf(scene);
    expect(summary.ending.kind).toBe("not-sent");
    expect(events[0]).toMatchObject({
      decision: {
        skipped: expect.arrayContaining([expect.objectContaining({ reason: "unknown-price" })]),
      },
    });
    expect(scene.requestsSeen()).toEqual([0, 0, 0]);
  });
});

it("reports a provider that exceeds the output limit, and reserves more for it afterwards", async () => {
  const scene = await priced();
  const excessive = { prompt_tokens: 100, completion_tokens: 50_000 };
  await costOf(scene, BOX, usageOf(excessive));
  const { overruns = [] } = await scene.ledger.budget.today();
  expect(overruns).toMatchObject([{ ref: BOX }]);
  expect(overruns[0]?.factor).toBeGreaterThan(2);
});
