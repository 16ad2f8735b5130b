import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { abortAnswerAt, collectAnswer } from "../../test/support/collectAnswer.ts";
import { memoryFolder, placeEmptyLedger } from "../../test/support/emptyLedger.ts";
import { promptRequest } from "../../test/support/engineRequest.ts";
import { failOnce } from "../../test/support/testLedger.ts";
import { throwError } from "../../test/support/throwError.ts";
import type { AnswerSummary } from "../contract/answer.ts";
import { NANO_PER_USD } from "../contract/money.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { openLedger } from "../ledger/sqlite/open.ts";
import { nodeTransport } from "../providers/http/transport/nodeTransport.ts";
import type { HttpTransport } from "../providers/http/transport/transport.ts";
import { readSettings } from "../settings/read.ts";
import { SIMULATOR_CARDS, simulatorProviders } from "../simulator/models.ts";
import { type Simulator, startSimulator } from "../simulator/server.ts";
import { createEngine } from "./createEngine.ts";
import type { EngineRequest } from "./request.ts";

let simulator: Simulator;
let folder: string;
const open: Ledger[] = [];

beforeAll(async () => {
  simulator = await startSimulator({ tokensPerSecond: 0 });
  folder = await mkdtemp(join(memoryFolder, "switchyard-engine-"));
});
afterEach(() => simulator.clear());
afterAll(async () => {
  for (const ledger of open) await ledger.close();
  await simulator.stop();
  await rm(folder, { recursive: true, force: true });
});

/** An engine with a new ledger. Its settings name the simulator like any other provider, in both wire formats. */
async function engineWith(
  raw: Record<string, unknown> = {},
  environment: Record<string, string> = { KEY: simulator.key },
  transport: HttpTransport = nodeTransport,
) {
  const prices = Object.fromEntries(
    SIMULATOR_CARDS.filter(({ local }) => !local).flatMap(({ wireName, inputUsdPerMTok, outputUsdPerMTok }) =>
      ["east", "west"].map(
        (id) => [`${id}/${wireName}`, { inputUsdPerMTok, outputUsdPerMTok, quality: 0.7 }] as const,
      ),
    ),
  );
  const { settings, problems } = readSettings({
    "switchyard.providers": {
      east: { kind: "openai-compatible", baseUrl: `${simulator.url}/openai/v1`, apiKeyEnv: "KEY" },
      west: { kind: "anthropic", baseUrl: `${simulator.url}/anthropic`, apiKeyEnv: "KEY" },
      home: {
        kind: "openai-compatible",
        baseUrl: `${simulator.url}/openai/v1`,
        apiKeyEnv: "KEY",
        local: true,
      },
    },
    "switchyard.models": prices,
    "switchyard.routes": [{ name: "All", models: ["east/sim-cheap", "west/sim-balanced"] }],
    ...raw,
  });
  expect(problems).toEqual([]);
  const file = join(folder, `${randomUUID()}.db`);
  placeEmptyLedger(file);
  const ledger = await openLedger({ file, now: Date.now, randomId: randomUUID });
  open.push(ledger);
  const { engine, providers } = createEngine({
    settings: () => settings,
    modelsDir: fileURLToPath(new URL("../models/data", import.meta.url)),
    embeddingDir: fileURLToPath(new URL("../embedding/data", import.meta.url)),
    environment,
    transport,
    ledger: async () => ledger,
    simulator: {
      cards: SIMULATOR_CARDS,
      start: async () => ({ config: simulatorProviders(simulator.url).simulator, key: simulator.key }),
    },
    random: () => 0,
    newId: randomUUID,
    userId: "tester",
    onError: throwError,
  });
  return { engine, ledger, providers };
}

const failures = ({ attempts }: AnswerSummary) =>
  attempts.map(({ ref, outcome }) => [ref, outcome.kind === "failed" ? outcome.failure.kind : "answered"]);

describe("a prompt", () => {
  it("is decided, answered, priced by the provider's usage, and recorded", async () => {
    const { engine, ledger } = await engineWith();
    const { events, text, summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(events.map(({ type }) => type).slice(0, 3)).toEqual(["decided", "attempt", "text"]);
    expect(text.length).toBeGreaterThan(100);
    expect(summary).toMatchObject({
      ending: { kind: "complete" },
      modelUsed: "east/sim-cheap",
      fallbackCount: 0,
    });
    const { usage, cost } = summary;
    if (usage === undefined || cost.kind !== "exact") throw new Error("The cost is not exact.");
    const dollarsPerMillion = usage.inputTokens * 0.15 + usage.outputTokens * 0.6;
    expect(cost.nanoUsd).toBeCloseTo(dollarsPerMillion * 1000, -1);
    const today = await ledger.budget.today();
    expect(today).toMatchObject({ spentNanoUsd: cost.nanoUsd, reservedNanoUsd: 0 });
    expect(today.byModel).toMatchObject([{ ref: "east/sim-cheap", nanoUsd: cost.nanoUsd }]);
    const record = await ledger.history.decision(summary.decisionId);
    expect(record?.summary).toEqual(summary);
    expect(record?.promptText).toBeUndefined();
    expect(JSON.stringify(record)).not.toContain("closure");
  });

  it("is answered in Anthropic's wire format too", async () => {
    const { engine } = await engineWith({
      "switchyard.routes": [{ name: "W", models: ["west/sim-balanced"] }],
    });
    const { summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(summary).toMatchObject({ ending: { kind: "complete" }, modelUsed: "west/sim-balanced" });
    expect(summary.cost.kind).toBe("exact");
  });

  it("carries the effort of its route or its conversation to models that can reason, in each wire format", async () => {
    const prices = { inputUsdPerMTok: 1, outputUsdPerMTok: 2 };
    const thinking = { ...prices, capabilities: ["reasoning"] };
    const { engine } = await engineWith({
      "switchyard.models": {
        "east/sim-premium": thinking,
        "west/sim-premium": thinking,
        "east/sim-cheap": { ...prices, capabilities: [] },
      },
      "switchyard.routes": [
        { name: "East", models: ["east/sim-premium"], effort: "high" },
        { name: "West", models: ["west/sim-premium"], effort: "high" },
        { name: "Plain", models: ["east/sim-cheap"], effort: "high" },
      ],
    });
    const sent = async (explicitRoute: string, more: Partial<EngineRequest> = {}) => {
      const before = simulator.requestCount();
      const { summary } = await collectAnswer(engine, promptRequest("What?", { explicitRoute, ...more }));
      expect(summary.ending).toMatchObject({ kind: "complete" });
      const { reasoning_effort, output_config } = simulator.requests()[before]?.body ?? {};
      return reasoning_effort ?? output_config;
    };
    const chosen = { effort: { value: "low", by: "conversation" } } as const;
    expect(await sent("East")).toBe("high");
    expect(await sent("West")).toEqual({ effort: "high" });
    expect(await sent("East", chosen)).toBe("low");
    expect(await sent("West", chosen)).toEqual({ effort: "low" });
    expect(await sent("Plain")).toBeUndefined();
    expect(await sent("Plain", chosen)).toBeUndefined();
    const body = { messages: [{ role: "user", content: "What?" }] };
    expect(await sent("East", { wire: { format: "openai", body } })).toBe("high");
    const own = { ...body, reasoning_effort: "minimal" };
    const byRequest = { value: "minimal", by: "request" } as const;
    expect(await sent("East", { wire: { format: "openai", body: own }, effort: byRequest })).toBe("minimal");
  });

  it("is answered by the simulator if no provider is configured, for free and with the cost at list prices", async () => {
    const { engine, ledger } = await engineWith(
      { "switchyard.providers": {}, "switchyard.models": {}, "switchyard.routes": [] },
      {},
    );
    const { summary } = await collectAnswer(
      engine,
      promptRequest("Compare two ways to retry a failed request"),
    );
    expect(summary).toMatchObject({
      modelUsed: "simulator/sim-premium",
      cost: { kind: "exact", nanoUsd: 0 },
    });
    expect(summary.wouldCostNanoUsd).toBeGreaterThan(0);
    expect((await ledger.budget.today()).spentNanoUsd).toBe(0);
  });

  it("reports that its answer ended at the output limit of the request", async () => {
    const { engine } = await engineWith({ "switchyard.maxOutputTokens": 1024 });
    const { summary } = await collectAnswer(engine, promptRequest("Create a list [tokens: 5000]"));
    expect(summary.ending).toEqual({ kind: "complete", limitedBy: "request" });
  });

  it("records why a model was skipped, without the prompt's text", async () => {
    const { engine, ledger } = await engineWith();
    await failOnce(ledger.health, "east/sim-cheap", { failures: 1, openMs: 60_000, maxOpenMs: 60_000 });
    const { summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    const record = await ledger.history.decision(summary.decisionId);
    expect(record?.decision.skipped).toMatchObject([{ reason: "breaker-open" }]);
    expect(JSON.stringify(record)).not.toContain("closure");
  });

  it("has the key in no event, record or failure of its answer", async () => {
    const { engine, ledger } = await engineWith();
    simulator.injectFault({
      times: 1,
      fault: {
        kind: "status",
        status: 401,
        body: { error: { message: `Incorrect API key: ${simulator.key}` } },
      },
    });
    const { events, summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    const record = await ledger.history.decision(summary.decisionId);
    expect(JSON.stringify([events, record])).not.toContain(simulator.key);
  });

  it("calls no model and costs nothing if it was stopped before it began", async () => {
    const { engine, ledger } = await engineWith();
    const before = simulator.requestCount();
    const { summary } = await collectAnswer(engine, promptRequest("Create a list"), {
      signal: AbortSignal.abort(),
    });
    expect(summary.ending).toEqual({ kind: "stopped" });
    expect(simulator.requestCount()).toBe(before);
    expect((await ledger.budget.today()).spentNanoUsd).toBe(0);
  });
});

describe("a model that fails before its first token", () => {
  it.each([
    ["a status", { kind: "status", status: 529 }, "overloaded"],
    [
      "a rate limit that does not fit the time left",
      { kind: "status", status: 429, headers: { "retry-after": "900" } },
      "rate-limited",
    ],
    ["an empty answer", { kind: "empty" }, "empty"],
    ["a connection that is reset before headers", { kind: "resetBeforeHeaders" }, "overloaded"],
    ["a wrong key", { kind: "status", status: 401 }, "auth"],
    ["an unknown model", { kind: "status", status: 404 }, "not-found"],
  ] as const)("is replaced by the next model in the chain after %s", async (_name, fault, kind) => {
    const { engine } = await engineWith();
    simulator.injectFault({ model: "sim-cheap", times: "always", fault });
    const { events, summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(summary).toMatchObject({
      ending: { kind: "complete" },
      modelUsed: "west/sim-balanced",
      fallbackCount: 1,
    });
    expect(failures(summary)[0]).toEqual(["east/sim-cheap", kind]);
    expect(events.find(({ type }) => type === "failedOver")).toMatchObject({
      from: "east/sim-cheap",
      to: "west/sim-balanced",
    });
  });

  it("is cancelled and replaced by the next model after the route's time limit", async () => {
    const { engine } = await engineWith({
      "switchyard.routes": [
        { name: "All", models: [{ model: "east/sim-cheap", timeoutMs: 60 }, "west/sim-balanced"] },
      ],
    });
    simulator.injectFault({ model: "sim-cheap", fault: { kind: "slowFirstToken", ms: 60_000 } });
    const { summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(failures(summary)).toEqual([
      ["east/sim-cheap", "timeout"],
      ["west/sim-balanced", "answered"],
    ]);
    await simulator.nextClosedByClient();
  });

  it("is not replaced after a refusal", async () => {
    const { engine } = await engineWith();
    simulator.injectFault({ fault: { kind: "refusal" } });
    const { summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(summary.ending).toMatchObject({ kind: "failed", failure: { kind: "refused" } });
    expect(summary.attempts).toHaveLength(1);
  });
});

describe("a stream that breaks", () => {
  it.each([
    { kind: "cut", afterTokens: 20, how: "reset" },
    { kind: "cut", afterTokens: 20, how: "clean" },
    { kind: "noFinish" },
    { kind: "errorEvent", afterTokens: 20 },
  ] as const)("is reported as failed if there is no other model: %j", async (fault) => {
    const { engine } = await engineWith({
      "switchyard.routes": [{ name: "One", models: ["east/sim-cheap"] }],
    });
    simulator.injectFault({ model: "sim-cheap", fault });
    const { text, summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(text).not.toBe("");
    expect(summary.ending.kind).toBe("failed");
    expect(summary.cost.kind).toBe("estimated");
  });

  it.each([
    // Only the cards of the provider `simulator` support prefill.
    ["prefill", "simulator/sim-balanced"],
    ["anchor", "west/sim-balanced"],
  ] as const)("is resumed by %s, and the text is complete", async (method, resumedBy) => {
    const { engine } = await engineWith({
      "switchyard.providers": {
        east: { kind: "openai-compatible", baseUrl: `${simulator.url}/openai/v1`, apiKeyEnv: "KEY" },
        west: { kind: "anthropic", baseUrl: `${simulator.url}/anthropic`, apiKeyEnv: "KEY" },
        simulator: { kind: "anthropic", baseUrl: `${simulator.url}/anthropic`, apiKeyEnv: "KEY" },
      },
      "switchyard.routes": [{ name: "Two", models: ["east/sim-cheap", resumedBy] }],
    });
    const whole = await collectAnswer(engine, promptRequest("What is a closure?"));
    simulator.injectFault({ model: "sim-cheap", fault: { kind: "cut", afterTokens: 20, how: "reset" } });
    const { events, text, summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(text).toBe(whole.text);
    expect(summary).toMatchObject({
      ending: { kind: "complete" },
      modelUsed: resumedBy,
      fallbackCount: 1,
      handoffs: [{ from: "east/sim-cheap", to: resumedBy, method }],
      attempts: [
        { outcome: { kind: "failed", failure: { kind: "cut" } } },
        { outcome: { kind: "answered" }, resumeMethod: method },
      ],
    });
    expect(events.map(({ type }) => type)).not.toContain("restarted");
    const resumedAt = events.findIndex(({ type }) => type === "resumed");
    const before = events.slice(0, resumedAt).map((event) => (event.type === "text" ? event.text : ""));
    expect(before.join("")).not.toBe("");
    expect(whole.text.startsWith(before.join(""))).toBe(true);
  });

  it("is not retracted if there is no other model", async () => {
    const { engine } = await engineWith({
      "switchyard.routes": [{ name: "One", models: ["east/sim-cheap"] }],
    });
    simulator.injectFault({ fault: { kind: "cut", afterTokens: 20, how: "clean" } });
    const { events, summary } = await collectAnswer(
      engine,
      promptRequest("What is a closure?", { canRetract: true }),
    );
    expect(summary.ending.kind).toBe("failed");
    expect(events.map(({ type }) => type)).not.toContain("restarted");
  });

  it("is complete in spite of one malformed event", async () => {
    const { engine } = await engineWith();
    simulator.injectFault({ fault: { kind: "malformedEvent", afterTokens: 5 } });
    expect((await collectAnswer(engine, promptRequest("What is a closure?"))).summary.ending).toEqual({
      kind: "complete",
    });
  });
});

describe("a stopped answer", () => {
  it("closes the provider's connection, and is charged an estimate of what was streamed", async () => {
    const { engine, ledger } = await engineWith();
    simulator.injectFault({ fault: { kind: "stall", afterTokens: 30 } });
    const stop = new AbortController();
    const { summary } = await collectAnswer(engine, promptRequest("Create a list"), {
      signal: stop.signal,
      onEvent: ({ type }) => {
        if (type === "text") stop.abort();
      },
    });
    expect(summary).toMatchObject({ ending: { kind: "stopped" }, cost: { kind: "estimated" } });
    await simulator.nextClosedByClient();
    const today = await ledger.budget.today();
    expect(today.spentNanoUsd).toBeGreaterThan(0);
    expect(today.reservedNanoUsd).toBe(0);
  });

  it.each(["decided", "attempt", "text"])(
    "leaves nothing reserved if it is stopped at `%s`",
    async (type) => {
      const { engine, ledger } = await engineWith();
      await abortAnswerAt(engine, promptRequest("Create a list"), (event) => event.type === type);
      expect((await ledger.budget.today()).reservedNanoUsd).toBe(0);
    },
  );
});

describe("a model that is not available", () => {
  it("is skipped after consecutive failures, while other models answer", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.breaker": { failures: 2, openMs: 60_000, maxOpenMs: 60_000 },
    });
    simulator.injectFault({ model: "sim-cheap", times: "always", fault: { kind: "empty" } });
    await collectAnswer(engine, promptRequest("What is a closure?"));
    await collectAnswer(engine, promptRequest("What is a closure?"));
    const { summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(failures(summary)).toEqual([["west/sim-balanced", "answered"]]);
    const decision = (await ledger.history.decision(summary.decisionId))?.decision;
    expect(decision?.skipped).toMatchObject([{ ref: "east/sim-cheap", reason: "breaker-open", by: "model" }]);
    await ledger.health.reset("east/sim-cheap");
    simulator.clear();
    expect((await collectAnswer(engine, promptRequest("What is a closure?"))).summary.modelUsed).toBe(
      "east/sim-cheap",
    );
  });

  it("counts only consecutive failures of its provider", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.breaker": { failures: 2, openMs: 60_000, maxOpenMs: 60_000 },
    });
    const options = { failures: 2, openMs: 60_000, maxOpenMs: 60_000 };
    await failOnce(ledger.health, "east/sim-cheap", options, "provider");
    await collectAnswer(engine, promptRequest("What is a closure?"));
    await failOnce(ledger.health, "east/sim-cheap", options, "provider");
    expect((await ledger.health.snapshot()).get("east")?.breaker).toEqual({ kind: "closed", failures: 1 });
  });

  it("is skipped after a rejected key, until the key changes", async () => {
    const environment: Record<string, string> = { KEY: simulator.key, EAST: "wrong" };
    const { engine, providers } = await engineWith(
      {
        "switchyard.providers": {
          east: { kind: "openai-compatible", baseUrl: `${simulator.url}/openai/v1`, apiKeyEnv: "EAST" },
          west: { kind: "anthropic", baseUrl: `${simulator.url}/anthropic`, apiKeyEnv: "KEY" },
        },
      },
      environment,
    );
    expect(failures((await collectAnswer(engine, promptRequest("Hello"))).summary)[0]).toEqual([
      "east/sim-cheap",
      "auth",
    ]);
    expect(failures((await collectAnswer(engine, promptRequest("Hello"))).summary)).toEqual([
      ["west/sim-balanced", "answered"],
    ]);
    environment["EAST"] = simulator.key;
    providers.refresh();
    expect((await collectAnswer(engine, promptRequest("Hello"))).summary.modelUsed).toBe("east/sim-cheap");
  });

  it("is skipped while its response headers report a rate limit as used up", async () => {
    const { engine, ledger } = await engineWith();
    const headers = { "x-ratelimit-remaining-requests": "0", "x-ratelimit-reset-requests": "1m30s" };
    simulator.injectFault({ model: "sim-cheap", fault: { kind: "headers", headers } });
    expect((await collectAnswer(engine, promptRequest("Hello"))).summary.modelUsed).toBe("east/sim-cheap");
    const { summary } = await collectAnswer(engine, promptRequest("Hello"));
    expect(summary.modelUsed).toBe("west/sim-balanced");
    const decision = (await ledger.history.decision(summary.decisionId))?.decision;
    expect(decision?.skipped).toMatchObject([{ ref: "east/sim-cheap", reason: "rate-limit" }]);
  });
});

describe("a budget", () => {
  it("limits the output of an answer, and is not exceeded", async () => {
    const { engine, ledger } = await engineWith({ "switchyard.budget.dailyUsd": 0.001 });
    const { summary } = await collectAnswer(engine, promptRequest("Create a list [tokens: 5000]"));
    expect(summary.ending).toEqual({ kind: "complete", limitedBy: "budget" });
    const { spentNanoUsd } = await ledger.budget.today();
    expect(spentNanoUsd).toBeLessThanOrEqual(0.001 * NANO_PER_USD);
    expect(spentNanoUsd).toBeGreaterThan(0.0008 * NANO_PER_USD);
  });

  it("blocks a prompt that it cannot afford, and no model is called", async () => {
    const { engine } = await engineWith({
      "switchyard.budget.dailyUsd": 0.00001,
      "switchyard.budget.whenExceeded": "stop",
    });
    const before = simulator.requestCount();
    const { summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(summary.ending).toMatchObject({ kind: "not-sent", reason: { kind: "over-budget" } });
    expect(simulator.requestCount()).toBe(before);
  });

  it("applies `whenExceeded` if other requests have reserved the rest", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.budget.dailyUsd": 0.01,
      "switchyard.models": {
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6, quality: 0.5 },
        "west/sim-balanced": { inputUsdPerMTok: 1.25, outputUsdPerMTok: 10, quality: 0.5 },
        "home/sim-local": { quality: 0.4 },
      },
    });
    const limits = { dailyNanoUsd: 0.01 * NANO_PER_USD };
    const wholeBudget = 0.01 * NANO_PER_USD;
    const other = { ref: "x/y", limits, soft: false };
    await ledger.budget.reserve({ ...other, maximumNanoUsd: wholeBudget, minimumNanoUsd: wholeBudget });
    const { events, summary } = await collectAnswer(engine, promptRequest("What is a closure?"));
    expect(summary).toMatchObject({ ending: { kind: "complete" }, modelUsed: "home/sim-local" });
    expect(events.filter(({ type }) => type === "decided")).toHaveLength(2);
  });

  it("keeps each conversation within its limit, and names it", async () => {
    const limitUsd = 0.012;
    const { engine, ledger } = await engineWith({
      "switchyard.budget.dailyUsd": null,
      "switchyard.budget.perConversationUsd": limitUsd,
      "switchyard.budget.whenExceeded": "stop",
    });
    const ask = (conversation: string) =>
      collectAnswer(engine, promptRequest("Compare two closures", { conversation }));
    const spent = (id: string) => ledger.budget.spent({ kind: "conversation", id });
    let last = await ask("c1");
    while (last.summary.ending.kind === "complete") last = await ask("c1");
    expect(last.summary.ending).toMatchObject({
      kind: "not-sent",
      reason: { kind: "over-budget", limit: { kind: "conversation", id: "c1" } },
    });
    expect(await spent("c1")).toBeGreaterThan(0);
    expect(await spent("c1")).toBeLessThanOrEqual(limitUsd * NANO_PER_USD);
    expect((await ask("c2")).summary.ending.kind).toBe("complete");
  });

  it("records with figures why a model of the chain was not called", async () => {
    const { engine, ledger } = await engineWith({ "switchyard.budget.dailyUsd": 0.02 });
    const nanoUsd = 0.0193 * NANO_PER_USD;
    simulator.injectFault({ model: "sim-cheap", times: "always", fault: { kind: "status", status: 500 } });
    const spendRest = async () => {
      const amounts = { maximumNanoUsd: nanoUsd, minimumNanoUsd: nanoUsd };
      const reserved = await ledger.budget.reserve({ ref: "x/y", limits: {}, soft: true, ...amounts });
      if (reserved.kind === "reserved") await ledger.budget.settle(reserved.id, { kind: "exact", nanoUsd });
    };
    const { summary } = await collectAnswer(engine, promptRequest("What is a closure?"), {
      onEvent: (event) => (event.type === "attempt" ? spendRest() : undefined),
    });
    expect(summary.notCalled).toMatchObject([
      {
        ref: "west/sim-balanced",
        reason: "over-budget",
        worstCaseNanoUsd: expect.any(Number),
        leftNanoUsd: expect.any(Number),
        limit: { kind: "day" },
      },
    ]);
  });
});

describe("an expected cost", () => {
  it("is a range by assumption, and follows the user's own answers once there are some", async () => {
    const { engine } = await engineWith();
    const prompt = promptRequest("What is a closure?");
    const first = await engine.decide(prompt);
    const { lowNanoUsd = 0, highNanoUsd = 0 } = first.expectedCostRange ?? {};
    expect(highNanoUsd).toBeGreaterThan(5 * lowNanoUsd);
    let outputTokens = 0;
    for (let answer = 0; answer < 12; answer += 1) {
      const { summary } = await collectAnswer(engine, prompt);
      outputTokens = summary.usage?.outputTokens ?? 0;
    }
    await expect.poll(async () => (await engine.decide(prompt)).expectedOutputTokens).toBe(outputTokens);
    const { expectedOutputRange: range } = await engine.decide(prompt);
    expect(range?.low).toBeLessThanOrEqual(outputTokens);
    expect(range?.high).toBeGreaterThanOrEqual(outputTokens);
  });
});

describe("a route", () => {
  it("with examples applies to similar prompts only", async () => {
    const examples = [
      "Write a Python function",
      "Create a REST API",
      "Implement a class that parses dates",
      "Write a script that renames files",
      "Code a binary search in Go",
    ];
    const { engine } = await engineWith({
      "switchyard.routes": [
        { name: "Write code", examples, models: ["west/sim-balanced"] },
        { name: "Rest", models: ["east/sim-cheap"] },
      ],
    });
    const code = await engine.decide(promptRequest("Write a TypeScript function that sorts a list"));
    expect(code.route).toMatchObject({ kind: "settings", name: "Write code" });
    if (code.route.kind !== "settings") throw new Error("No route of the settings applies.");
    expect(code.route.similarity?.score).toBeGreaterThanOrEqual(code.route.similarity?.threshold ?? 1);
    expect((await engine.decide(promptRequest("asdf qwer zxcv"))).route).toMatchObject({ name: "Rest" });
    expect((await engine.decide(promptRequest("asdf qwer zxcv"))).features.cached).toBe(true);
  });

  it("with an experiment counts an answer for its arm, and records results", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.routes": [
        {
          name: "Trial",
          models: ["east/sim-cheap", "west/sim-balanced"],
          experiment: {
            name: "e",
            control: "east/sim-cheap",
            treatment: "west/sim-balanced",
            treatmentShare: 1,
            metric: "thumbs",
          },
        },
      ],
    });
    simulator.injectFault({ model: "sim-balanced", times: 1, fault: { kind: "empty" } });
    const { summary } = await collectAnswer(engine, promptRequest("Hello", { conversation: "c1" }));
    expect(summary).toMatchObject({ modelUsed: "east/sim-cheap", fallbackCount: 1 });
    await engine.outcome(summary.decisionId, "thumbs", 1);
    expect(await ledger.history.experimentValues("e", "thumbs")).toEqual({ control: [], treatment: [1] });
    await engine.outcome(summary.decisionId, "thumbs", null);
    expect(await ledger.history.experimentValues("e", "thumbs")).toEqual({ control: [], treatment: [] });
  });

  it("of a cascade begins with a cheap model once the check has rejected what was discarded, in that language", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.routes": [
        { name: "Edits", models: ["east/sim-cheap", "west/sim-balanced"], pick: "cascade" },
      ],
      "switchyard.models": {
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6, quality: 0.6 },
        "west/sim-balanced": { inputUsdPerMTok: 2.5, outputUsdPerMTok: 10, quality: 0.7 },
      },
    });
    const ask = async (language: string) => {
      const request = promptRequest("Fix it", { isEdit: true, language });
      return (await collectAnswer(engine, request)).summary;
    };
    for (let edit = 0; edit < 10; edit += 1) {
      const { decisionId, modelUsed } = await ask("go");
      expect(modelUsed).toBe("west/sim-balanced");
      await engine.outcome(decisionId, "check", 0);
      await engine.outcome(decisionId, "kept", 0);
    }
    const { decisionId, modelUsed } = await ask("go");
    expect(modelUsed).toBe("east/sim-cheap");
    expect((await ledger.history.decision(decisionId))?.decision.cascade).toMatchObject({
      first: "cheapest",
      because: { kind: "measured", wrong: 10, rejectedWrong: 10 },
    });
    expect((await ask("python")).modelUsed).toBe("west/sim-balanced");
  });

  it("with a remote embedder pays for it, stores its vectors, sends it no private text and skips it when it fails", async () => {
    const embedder = "east/sim-embedding";
    const { engine, ledger } = await engineWith({
      "switchyard.semantic.embedder": embedder,
      "switchyard.models": {
        [embedder]: { inputUsdPerMTok: 0.02, outputUsdPerMTok: 0 },
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6 },
      },
      "switchyard.routes": [
        { name: "Poems", examples: ["Write a poem"], threshold: 0.9, models: ["east/sim-cheap"] },
      ],
    });
    const requestCount = () => simulator.requests().filter(({ model }) => model === "sim-embedding").length;
    const before = requestCount();
    await engine.decide(promptRequest("Write a poem", { isPrivate: true }));
    expect(requestCount()).toBe(before);
    // The built-in embedder compares prompts until the examples and the generic prompts are embedded.
    const similarities = async () =>
      (await engine.decide(promptRequest("Write a poem"))).features.similarities;
    await expect.poll(similarities).toMatchObject({ embedder, routes: [{ name: "Poems" }] });
    const decided = await engine.decide(promptRequest("Write a poem"));
    expect(decided.route).toMatchObject({ name: "Poems" });
    expect((await ledger.budget.today()).byModel).toMatchObject([{ ref: embedder }]);
    expect((await ledger.history.embeddings(embedder, ["Write a poem"])).size).toBe(1);
    const paid = await ledger.budget.today();
    simulator.injectFault({ model: "sim-embedding", times: 1, fault: { kind: "status", status: 500 } });
    const failed = await engine.decide(promptRequest("Write another poem"));
    expect(failed.features.similarities).toMatchObject({
      embedder: "built-in",
      skipped: { embedder, failure: { kind: "overloaded" } },
    });
    // The provider does not charge for an error status.
    expect(await ledger.budget.today()).toMatchObject({
      spentNanoUsd: paid.spentNanoUsd,
      reservedNanoUsd: 0,
    });
  });
});

describe("where a prompt would go", () => {
  it("is on other machines if any model of the chain is there, and not with the automatic simulator", async () => {
    const { engine } = await engineWith();
    const request = promptRequest("Why?");
    const { firstRemote, isRemote } = await engine.reach(request);
    expect(firstRemote).toBe("east/sim-cheap");
    expect(isRemote("west/sim-balanced")).toBe(true);
    const here = await engineWith(
      { "switchyard.providers": {}, "switchyard.models": {}, "switchyard.routes": [] },
      {},
    );
    expect((await here.engine.reach(request)).firstRemote).toBeUndefined();
  });

  it("is on another machine if the embedder of the routes is there, unless the prompt is private", async () => {
    const { engine } = await engineWith({
      "switchyard.semantic.embedder": "east/sim-embedding",
      "switchyard.routes": [{ name: "Home", examples: ["homework"], models: ["home/sim-local"] }],
    });
    const request = { ...promptRequest("homework"), explicitModel: "home/sim-local" };
    expect((await engine.reach(request)).firstRemote).toBe("east/sim-embedding");
    expect((await engine.reach({ ...request, isPrivate: true })).firstRemote).toBeUndefined();
    const { engine: builtIn } = await engineWith({
      "switchyard.routes": [{ name: "Home", examples: ["homework"], models: ["home/sim-local"] }],
    });
    expect((await builtIn.reach(request)).firstRemote).toBeUndefined();
  });
});

describe("a forecast", () => {
  it("makes no network call: the built-in embedder compares a prompt that is not sent yet", async () => {
    const addresses: string[] = [];
    const recording: HttpTransport = {
      send: (request, handler) => {
        addresses.push(request.url);
        return nodeTransport.send(request, handler);
      },
    };
    const routes = [
      { name: "Poems", examples: ["Write a poem"], threshold: 0.9, models: ["home/sim-cheap"] },
    ];
    const settings = {
      "switchyard.semantic.embedder": "east/sim-embedding",
      "switchyard.models": { "east/sim-embedding": { inputUsdPerMTok: 0.02, outputUsdPerMTok: 0 } },
      "switchyard.routes": routes,
    };
    const { engine, providers } = await engineWith(settings, { KEY: simulator.key }, recording);
    // The lists of local models are requested once, and again only when a prompt is sent.
    await providers.localModels(Date.now() - 3_600_000);
    addresses.length = 0;
    const forecast = await engine.forecast(promptRequest("Write a poem"));
    expect(forecast).toMatchObject({
      route: { name: "Poems" },
      features: { similarities: { embedder: "built-in" } },
    });
    expect(addresses).toEqual([]);
    await engine.decide(promptRequest("Write a poem"));
    expect(addresses).not.toEqual([]);
  });
});

describe("an answer that was not good enough", () => {
  it("is followed by no model that its conversation's limit does not cover", async () => {
    const { engine } = await engineWith({
      "switchyard.budget.perConversationUsd": 0.005,
      "switchyard.models": {
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6, quality: 0.5 },
        "west/sim-balanced": { inputUsdPerMTok: 1.25, outputUsdPerMTok: 10, quality: 0.7 },
      },
    });
    const answerIn = async (conversation: string | undefined) =>
      (await collectAnswer(engine, promptRequest("Why?", { conversation }))).summary.decisionId;
    expect((await engine.stronger(await answerIn(undefined)))?.to.ref).toBe("west/sim-balanced");
    const id = await answerIn("c1");
    expect(await engine.stronger(id)).toBeUndefined();
    expect(await engine.uncovered(id)).toEqual({
      ref: "west/sim-balanced",
      limit: { kind: "conversation", id: "c1" },
    });
  });

  it("is followed by that of the next better model, with both decisions and the reason on record", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.models": {
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6, quality: 0.5 },
        "west/sim-balanced": { inputUsdPerMTok: 1.25, outputUsdPerMTok: 10, quality: 0.7 },
      },
    });
    const { summary: first } = await collectAnswer(engine, promptRequest("Why?"));
    expect(first.modelUsed).toBe("east/sim-cheap");
    const preview = await engine.stronger(first.decisionId);
    const escalation = await engine.escalate(first.decisionId, "new-errors", 2);
    expect(preview).toEqual({ ...escalation, reason: "stronger", newErrors: undefined });
    expect(escalation).toMatchObject({
      decisionId: first.decisionId,
      from: "east/sim-cheap",
      to: { ref: "west/sim-balanced", quality: 0.7, expectedNanoUsd: expect.any(Number) },
      reason: "new-errors",
      by: "quality",
    });
    const saved: string[] = [];
    const { history } = ledger;
    const saveOutcome = history.saveOutcome.bind(history);
    history.saveOutcome = (...outcome) => {
      saved.push(outcome.slice(0, 2).join(" "));
      return saveOutcome(...outcome);
    };
    const { summary: second } = await collectAnswer(engine, promptRequest("Why?", { escalation }));
    expect(second.modelUsed).toBe("west/sim-balanced");
    expect((await history.decision(second.decisionId))?.decision).toMatchObject({
      route: { name: "All" },
      attributes: { escalation: { decisionId: first.decisionId, reason: "new-errors", newErrors: 2 } },
    });
    expect(await engine.escalate(second.decisionId, "regenerate")).toBeUndefined();
    expect(saved).toEqual([`${second.decisionId} escalated:regenerate`]);
    expect(await engine.escalate("unknown", "stronger")).toBeUndefined();
  });
});
