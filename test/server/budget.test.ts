import fc from "fast-check";
import { describe, expect, it, onTestFinished } from "vitest";
import { NANO_PER_USD } from "../../src/contract/money.ts";
import { hostileServer } from "../faults/hostile/hostileServer.ts";
import { InstantClock } from "../support/instantClock.ts";
import { AUDIO, DAILY_USD, HELLO, PRICES, withBudget } from "./budgetScene.ts";
import { type TestServer, user } from "./testServer.ts";

/** The output limits that the provider was sent. */
function limitsSent({ simulator }: TestServer): readonly number[] {
  return simulator.requests().map(({ body }) => Number(body?.["max_tokens"]));
}

const LONG = { model: "auto", messages: user("Count. [tokens: 3000]") };

it("spends at most the budget if six requests at once ask for a quadrillion tokens", async () => {
  const scene = await withBudget();
  const answers = await Promise.all(
    Array.from({ length: 6 }, () => scene.chat({ ...LONG, max_tokens: 1e15 })),
  );
  expect(answers.some(({ status }) => status === 200)).toBe(true);
  const { spentNanoUsd, reservedNanoUsd } = await scene.ledger.budget.today();
  expect(spentNanoUsd).toBeGreaterThan(0);
  expect(spentNanoUsd).toBeLessThanOrEqual(DAILY_USD * NANO_PER_USD);
  expect(reservedNanoUsd).toBe(0);
});

it.each([
  { what: "the request's limit", asked: 700, card: 800, setting: 900, sent: 700 },
  { what: "the model's limit", asked: 900, card: 700, setting: 800, sent: 700 },
  { what: "`switchyard.maxOutputTokens`", asked: 900, card: 800, setting: 700, sent: 700 },
  { what: "`switchyard.maxOutputTokens`", asked: undefined, card: undefined, setting: 700, sent: 700 },
])("sends $what as the output limit if it is the least", async ({ asked, card, setting, sent }) => {
  const scene = await withBudget(
    { ...PRICES, ...(card === undefined ? {} : { maxOutputTokens: card }) },
    { "switchyard.maxOutputTokens": setting },
  );
  const answer = await scene.chat({ ...LONG, max_completion_tokens: asked });
  expect(answer.status).toBe(200);
  expect(limitsSent(scene)).toEqual([sent]);
});

it("sends what the rest of the budget pays for as the output limit if it is the least", async () => {
  const scene = await withBudget();
  expect((await scene.chat({ ...LONG, max_tokens: 16_000 })).status).toBe(200);
  const [sent = Number.NaN] = limitsSent(scene);
  expect(sent).toBeLessThan(DAILY_USD * (1e6 / PRICES.outputUsdPerMTok));
  expect(sent).toBeGreaterThan(2_400);
});

it("never spends more than the budget, whatever limits and prices there are", async () => {
  const prices = [
    { inputUsdPerMTok: 0, outputUsdPerMTok: 0 },
    { inputUsdPerMTok: 0, outputUsdPerMTok: 4 },
    { inputUsdPerMTok: 1e-12, outputUsdPerMTok: 1e-12 },
    { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6 },
    { inputUsdPerMTok: 1_000_000, outputUsdPerMTok: 1_000_000 },
    { ...PRICES, maxOutputTokens: 100 },
    { ...PRICES, maxOutputTokens: 1_000_000_000 },
  ];
  const refs = prices.map((_, at) => `east/model-${at}`);
  const scene = await withBudget(PRICES, {
    "switchyard.models": Object.fromEntries(
      prices.map((card, at) => [refs[at], { ...card, deployment: "sim-cheap" }]),
    ),
  });
  const limit = fc.oneof(
    fc.integer({ min: 1, max: 100_000 }),
    fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }),
    fc.constant(undefined),
  );
  const asked = fc.record({ model: fc.constantFrom(...refs), max_tokens: limit });
  await fc.assert(
    fc.asyncProperty(fc.array(asked, { minLength: 1, maxLength: 4 }), async (requests) => {
      const messages = user("Count. [tokens: 60]");
      await Promise.all(requests.map(async (each) => (await scene.chat({ ...each, messages })).text()));
      const { spentNanoUsd, reservedNanoUsd } = await scene.ledger.budget.today();
      expect(spentNanoUsd).toBeLessThanOrEqual(DAILY_USD * NANO_PER_USD);
      expect(reservedNanoUsd).toBe(0);
    }),
    { numRuns: 40 },
  );
  expect(scene.errors).toEqual([]);
  expect((await scene.ledger.budget.today()).spentNanoUsd).toBeGreaterThan(0);
});

it("answers several requests at once if no budget is set and a price is as high as it can be", async () => {
  const scene = await withBudget(
    { inputUsdPerMTok: 1_000_000, outputUsdPerMTok: 1_000_000 },
    { "switchyard.budget.dailyUsd": null, "switchyard.maxOutputTokens": 10_000_000 },
  );
  const answers = await Promise.all(Array.from({ length: 3 }, () => scene.chat(LONG)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(scene.errors).toEqual([]);
});

describe("an answer whose provider reports more than tokens of text", () => {
  /** A provider that answers each request with this model, and this usage and tier besides the counts of tokens. */
  async function answeredBy(
    model: string,
    usage: object = {},
    service_tier?: string,
    dailyUsd: number | null = 5,
  ): Promise<TestServer> {
    const provider = await hostileServer((response) => {
      const counts = { prompt_tokens: 1_000, completion_tokens: 100, ...usage };
      const chunk = (choice: object, more: object = {}) =>
        `data: ${JSON.stringify({ id: "1", model, service_tier, choices: [{ index: 0, ...choice }], ...more })}\n\n`;
      const text = chunk({ delta: { role: "assistant", content: "Hello." } });
      const end = chunk({ delta: {}, finish_reason: "stop" }, { usage: counts });
      response.writeHead(200, { "content-type": "text/event-stream" }).end(`${text}${end}data: [DONE]\n\n`);
    });
    onTestFinished(() => provider.close());
    const { origin: baseUrl } = provider;
    return withBudget(PRICES, {
      "switchyard.budget.dailyUsd": dailyUsd,
      "switchyard.providers": { up: { kind: "openai-compatible", baseUrl, catalog: "openai" } },
      "switchyard.models": { "up/small": PRICES, "up/dear": { inputUsdPerMTok: 100, outputUsdPerMTok: 400 } },
      "switchyard.routes": [{ name: "One", models: ["up/small"] }],
    });
  }

  it.each([
    { what: "at its own price", model: "dear", cost: { kind: "exact", nanoUsd: 140_000_000 } },
    { what: "as an estimate", model: "vendor/unknown", cost: { kind: "estimated", nanoUsd: 1_400_000 } },
    {
      what: "at the amount that the provider bills",
      model: "vendor/unknown",
      usage: { cost: 0.045 },
      cost: { kind: "exact", nanoUsd: 45_000_000 },
    },
  ] as const)("is recorded under that model $what, and named in the response", async (row) => {
    const { model, cost, ...more } = row;
    const scene = await answeredBy(model, "usage" in more ? more.usage : {});
    for (const stream of [true, false]) {
      const response = await scene.chat({ ...HELLO, stream });
      expect(response.headers.get("x-switchyard-model")).toBe(`up/${model}`);
      expect(await response.text()).toContain(`"model":"up/${model}"`);
    }
    expect((await scene.newestDecision())?.summary).toMatchObject({
      ...{ modelUsed: "up/small", cost },
      attempts: [{ ref: "up/small", answeredBy: `up/${model}` }],
    });
    const { byModel } = await scene.ledger.budget.today();
    expect(byModel).toMatchObject([{ ref: `up/${model}`, nanoUsd: 2 * cost.nanoUsd }]);
  });

  it("has an unknown cost with audio that was sent", async () => {
    const scene = await answeredBy("small", { prompt_tokens_details: { audio_tokens: 60 } }, undefined, null);
    expect((await scene.chat({ ...HELLO, messages: user([AUDIO]) })).status).toBe(200);
    expect((await scene.newestDecision())?.summary?.cost).toEqual({ kind: "unknown" });
  });

  it("costs an estimate if it is of a dearer tier of service", async () => {
    const scene = await answeredBy("small", {}, "priority");
    await scene.chat(HELLO);
    expect((await scene.newestDecision())?.summary?.cost.kind).toBe("estimated");
  });

  it("is recorded under the model that was asked if it names an edition of it", async () => {
    const scene = await answeredBy("vendor/small-2026-08-07");
    const response = await scene.chat(HELLO);
    expect(response.headers.get("x-switchyard-model")).toBe("up/small");
    expect((await scene.newestDecision())?.summary?.cost.kind).toBe("exact");
  });
});

describe("a request that the budget does not cover", () => {
  const LIMITS = { dailyNanoUsd: DAILY_USD * NANO_PER_USD };

  /** Reserves an amount for another request, and settles it at a cost, if one is given. */
  async function other({ ledger: { budget } }: TestServer, nanoUsd: number, costNanoUsd?: number) {
    const amounts = { maximumNanoUsd: nanoUsd, minimumNanoUsd: nanoUsd };
    const reserved = await budget.reserve({ ref: "east/sim-cheap", ...amounts, limits: LIMITS, soft: false });
    if (reserved.kind !== "reserved") throw new Error(JSON.stringify(reserved));
    if (costNanoUsd !== undefined) {
      await budget.settle(reserved.id, { kind: "exact", nanoUsd: costNanoUsd });
    }
  }

  it("is answered with 402, what it needs and what is left", async () => {
    const scene = await withBudget();
    await other(scene, 6_100_000, 6_100_000);
    const response = await scene.chat(HELLO);
    expect(response.status).toBe(402);
    const { error } = await response.json();
    expect(error).toMatchObject({ code: "budget_exceeded", type: "insufficient_quota" });
    expect(error.message).toMatch(
      /^This request is over the daily budget of \$0\.010: its input and 1,024 output tokens cost at most \$0\.004\d, and \$0\.0039 is left\./,
    );
  });

  it("reads the same figures if its model has exceeded an output limit", async () => {
    const scene = await withBudget();
    await other(scene, 1_000_000, 2_000_000);
    const { error } = await (await scene.chat(HELLO)).json();
    expect(error.message).toMatch(
      /1,024 output tokens cost at most \$0\.008\d \(2\.0 times the price, .*\), and \$0\.0080 is left\./,
    );
  });

  it("is answered with 429 and when to retry if only other requests are in the way", async () => {
    const scene = await withBudget(PRICES, {}, new InstantClock());
    await other(scene, 9_000_000);
    const response = await scene.chat(HELLO);
    expect(response.status).toBe(429);
    expect(Number(response.headers.get("retry-after"))).toBeGreaterThan(0);
    const { error } = await response.json();
    expect(error).toMatchObject({ code: "budget_reserved" });
    expect(error.message).toMatch(
      /^Other requests have reserved \$0\.0090 of the daily budget of \$0\.010, of which \$0\.010 is left: .* Try again in a moment\.$/,
    );
    expect(scene.simulator.requestCount()).toBe(0);
  });

  it.each([
    ["cheapest", "sim-cheap", "exceeded; limit=day"],
    ["free", "sim-balanced", "downgraded; limit=day"],
  ])("is answered under `%s` with a header that names the limit", async (whenExceeded, model, header) => {
    const scene = await withBudget(PRICES, {
      "switchyard.budget.whenExceeded": whenExceeded,
      "switchyard.models": {
        "east/sim-cheap": PRICES,
        "west/sim-balanced": { inputUsdPerMTok: 0, outputUsdPerMTok: 0 },
      },
      "switchyard.routes": [
        { name: "One", models: ["east/sim-cheap"] },
        { name: "Free", models: ["west/sim-balanced"] },
      ],
    });
    expect((await scene.chat(HELLO)).headers.has("x-switchyard-budget")).toBe(false);
    await other(scene, 9_000_000, 9_000_000);
    for (const stream of [true, false]) {
      const response = await scene.chat({ ...HELLO, stream });
      expect(response.status).toBe(200);
      expect(response.headers.get("x-switchyard-budget")).toBe(header);
      expect(response.headers.get("x-switchyard-model")).toContain(model);
    }
  });

  it("is answered by the next model of the route with a header that names the limit", async () => {
    const scene = await withBudget(PRICES, {
      "switchyard.budget.whenExceeded": "ask",
      "switchyard.models": {
        "east/sim-cheap": PRICES,
        "west/sim-balanced": { inputUsdPerMTok: 10, outputUsdPerMTok: 40 },
      },
      "switchyard.routes": [{ name: "Two", models: ["west/sim-balanced", "east/sim-cheap"] }],
    });
    const response = await scene.chat({ ...HELLO, model: "auto" });
    expect(response.headers.get("x-switchyard-model")).toBe("east/sim-cheap");
    expect(response.headers.get("x-switchyard-budget")).toBe("downgraded; limit=day");
  });

  it("is answered with the budget as the reason if the free model before a paid one fails", async () => {
    const scene = await withBudget(PRICES, {
      "switchyard.budget.dailyUsd": 0,
      "switchyard.providers": {
        local: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", local: true },
        up: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1" },
      },
      "switchyard.models": { "up/m": PRICES },
      "switchyard.routes": [{ name: "r", models: ["local/m", "up/m"] }],
    });
    const response = await scene.chat({ ...HELLO, model: "r" });
    expect(response.status).toBe(402);
    const { error } = await response.json();
    expect(error.message).toMatch(
      /local\/m: unreachable.*up\/m: may cost up to \$0\.00\d+, and \$0\.00 of today’s budget is left/,
    );
    const summary = (await scene.newestDecision())?.summary;
    expect(summary?.attempts.map(({ ref }) => ref)).not.toContain("up/m");
  });
});
