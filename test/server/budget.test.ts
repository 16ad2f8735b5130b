import { expect, it, onTestFinished } from "vitest";
import { NANO_PER_USD } from "../../src/contract/money.ts";
import { startTestServer, type TestServer, user } from "./testServer.ts";

/** A budget of one cent. A token of output costs 4,000 nano-dollars. */
const DAILY_USD = 0.01;
const PRICES = { inputUsdPerMTok: 1, outputUsdPerMTok: 4 };

async function withBudget(
  card: Readonly<Record<string, unknown>> = PRICES,
  more: Record<string, unknown> = {},
): Promise<TestServer> {
  const scene = await startTestServer({
    "switchyard.budget.dailyUsd": DAILY_USD,
    "switchyard.models": { "east/sim-cheap": card },
    "switchyard.routes": [{ name: "One", models: ["east/sim-cheap"] }],
    ...more,
  });
  onTestFinished(() => scene.close());
  return scene;
}

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

it("answers several requests at once if no budget is set and a price is as high as it can be", async () => {
  const scene = await withBudget(
    { inputUsdPerMTok: 1_000_000, outputUsdPerMTok: 1_000_000 },
    { "switchyard.budget.dailyUsd": null, "switchyard.maxOutputTokens": 10_000_000 },
  );
  const answers = await Promise.all(Array.from({ length: 3 }, () => scene.chat(LONG)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(scene.errors).toEqual([]);
});

const IMAGE = { type: "image_url", image_url: { url: "data:image/png;base64,QUJD" } };

it.each([
  {
    what: "is of a family whose provider documents it",
    model: "east/vendor/claude-sonnet-5-5",
    card: {},
    sent: 1,
  },
  { what: "has it in the settings", model: "east/sim-cheap", card: { imageTokens: 500 }, sent: 1 },
  { what: "has it nowhere", model: "east/sim-cheap", card: {}, sent: 0 },
  {
    what: "has more than the budget pays for",
    model: "east/sim-cheap",
    card: { imageTokens: 9_000 },
    sent: 0,
  },
])("sends an image with a budget by the most tokens it can have, if the model $what", async (row) => {
  const scene = await withBudget(PRICES, {
    "switchyard.models": { [row.model]: { ...PRICES, capabilities: ["vision"], ...row.card } },
  });
  await scene.chat({ model: row.model, messages: user([IMAGE]) });
  expect(scene.simulator.requestCount()).toBe(row.sent);
});
