import { describe, expect, it, onTestFinished } from "vitest";
import { hostileServer } from "../faults/hostile/hostileServer.ts";
import { AUDIO, HELLO, PRICES, withBudget } from "./budgetScene.ts";
import { user } from "./testServer.ts";

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

describe("a field that lets the provider use another model or other prices", () => {
  const FIELDS = [
    ["service_tier", { service_tier: "priority" }],
    ["models", { models: ["vendor/very-dear"] }],
    ["route", { route: "fallback" }],
    ["provider", { provider: { order: ["dear"] } }],
    ["plugins", { plugins: [{ id: "web" }] }],
    ["web_search_options", { web_search_options: { search_context_size: "high" } }],
    ["web_search_options", { web_search_options: {} }],
    ["search_parameters", { search_parameters: { mode: "on" } }],
    ["search_parameters", { search_parameters: {} }],
    ["best_of", { best_of: 5 }],
    ["something_new", { something_new: 1 }],
    ["constructor", { constructor: 1 }],
    ["tools[1]", { tools: [{ function: { name: "f" } }, { type: "web_search" }] }],
    ["tools[0].google_search", { tools: [{ google_search: {} }] }],
    ["tools[0].web_search", { tools: [{ function: { name: "f" }, web_search: { enable: true } }] }],
    ["prompt_cache_options", { prompt_cache_options: { ttl: "12h" } }],
    ["messages[0].content[0].cache_control", longCache({ cache_control: { type: "ephemeral", ttl: "1h" } })],
    [
      "messages[0].content[0].prompt_cache_breakpoint",
      longCache({ prompt_cache_breakpoint: { ttl: "12h" } }),
    ],
  ] as const;

  it.each(FIELDS)("is refused by name while a budget is set: %s", async (name, field) => {
    const scene = await withBudget({ ...PRICES, capabilities: ["tools"] });
    const response = await scene.chat({ ...HELLO, ...field });
    expect(response.status).toBe(400);
    const { error } = await response.json();
    expect(error).toMatchObject({ type: "invalid_request_error", code: "unbounded_cost", param: name });
    expect(error.message).toContain("switchyard.budget");
    expect(scene.simulator.requestCount()).toBe(0);
  });

  it("passes without a budget, and the cost is then an estimate", async () => {
    const scene = await withBudget(PRICES, { "switchyard.budget.dailyUsd": null });
    expect((await scene.chat({ ...HELLO, service_tier: "priority" })).status).toBe(200);
    expect(scene.simulator.requests()[0]?.body).toMatchObject({ service_tier: "priority" });
    expect((await scene.newestDecision())?.summary?.cost.kind).toBe("estimated");
  });

  it.each([
    { what: "passes to a local model", local: true, isSent: true },
    { what: "is refused to a hosted model whose price is zero", local: false, isSent: false },
  ])("$what", async ({ local, isSent }) => {
    const provider = await hostileServer((response) => void response.writeHead(400).end());
    onTestFinished(() => provider.close());
    const scene = await withBudget(PRICES, {
      "switchyard.providers": { box: { kind: "openai-compatible", baseUrl: provider.origin, local } },
      "switchyard.models": { "box/free": { inputUsdPerMTok: 0, outputUsdPerMTok: 0 } },
      "switchyard.routes": [{ name: "One", models: ["box/free"] }],
    });
    await scene.chat({ ...HELLO, models: ["vendor/very-dear"] });
    expect(provider.requests.length > 0).toBe(isSent);
  });

  it("passes with a value that changes neither", async () => {
    const scene = await withBudget();
    const neutral = {
      ...{ service_tier: "default", n: 1, best_of: 1, plugins: [], models: null, logit_bias: {} },
      ...{ modalities: ["text"], search_parameters: { mode: "off" }, seed: 3, reasoning_effort: "low" },
      ...{ prompt_cache_options: { mode: "explicit", ttl: "30m" }, prediction: { content: "Hello." } },
      ...longCache({ cache_control: { type: "ephemeral" }, prompt_cache_breakpoint: { mode: "explicit" } }),
    };
    expect((await scene.chat({ ...HELLO, ...neutral })).status).toBe(200);
  });
});

function longCache(fields: object) {
  return { messages: user([{ type: "text", text: "Hello.", ...fields }]) };
}

describe("input that is not text", () => {
  const PARTS = [
    ["a file", { type: "file", file: { file_data: "data:application/pdf;base64,QUJD" } }],
    ["a document in place of an image", imageAt("data:application/pdf;base64,QUJD")],
    ["a video in place of an image", imageAt("data:video/mp4;base64,QUJD")],
    ["an address that may lead to a document", imageAt("https://example.com/report")],
    ["audio", AUDIO],
    ["a video", { type: "video_url", video_url: { url: "https://example.com/a.mp4" } }],
    ["of an unknown type", { type: "hologram", text: "QUJD" }],
    ["beside a text", { type: "text", text: "Hello.", file: { file_id: "f" } }],
    ["named beside a text", { type: "text", text: "Hello.", file_id: "f" }],
    ["an image beside a text", { type: "text", text: "Hello.", image_url: "https://example.com/a.png" }],
    ["a video beside an image", { ...IMAGE, video_url: "https://example.com/a.mp4" }],
  ] as const;
  const card = { ...PRICES, imageTokens: 100, capabilities: ["vision"] };

  it.each(PARTS)("is not sent while a budget is set, if it is %s", async (_, part) => {
    const scene = await withBudget(card);
    for (const messages of [
      user([part]),
      [...user("Look."), { role: "tool", tool_call_id: "a", content: [part] }],
    ]) {
      const response = await scene.chat({ ...HELLO, messages });
      expect(response.status).toBeGreaterThanOrEqual(400);
      const decision = (await scene.newestDecision())?.decision;
      expect(decision?.skipped).toMatchObject([{ ref: "east/sim-cheap", reason: "unknown-price" }]);
    }
    expect(scene.simulator.requestCount()).toBe(0);
  });

  it("is sent without a budget", async () => {
    const scene = await withBudget(card, { "switchyard.budget.dailyUsd": null });
    for (const [, part] of PARTS) {
      expect((await scene.chat({ ...HELLO, messages: user([part]) })).status).toBe(200);
    }
  });
});

function imageAt(url: string) {
  return { type: "image_url", image_url: { url } };
}

it("counts every text of a body that it relays as input", async () => {
  const scene = await withBudget();
  const text = "x".repeat(8_000);
  for (const message of [
    { content: text },
    { content: "a", name: text },
    { content: "a", reasoning: text },
  ]) {
    const response = await scene.chat({
      ...HELLO,
      messages: [{ role: "assistant", ...message }, ...HELLO.messages],
    });
    expect(response.status).toBe(402);
  }
  // A prediction that does not apply is billed as output.
  const prediction = { type: "content", content: "x".repeat(2_000) };
  expect((await scene.chat({ ...HELLO, prediction })).status).toBe(402);
  expect(scene.simulator.requestCount()).toBe(0);
});
