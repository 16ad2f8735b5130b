import { setImmediate as turn } from "node:timers/promises";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { abortAnswerAt, collectAnswer } from "../../test/support/collectAnswer.ts";
import { promptRequest } from "../../test/support/engineRequest.ts";
import { failOnce } from "../../test/support/ledgers/testLedger.ts";
import { engineWith, simulator, useSimulator } from "../../test/support/simulatedEngine.ts";
import type { AnswerSummary } from "../contract/answer.ts";
import type { EngineRequest } from "./request.ts";

useSimulator();

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
    simulator.injectFault({ model: "sim-cheap", fault: { kind: "delayHeaders", ms: 60_000 } });
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "performance"] });
    onTestFinished(() => void vi.useRealTimers());
    const before = simulator.requestCount();
    const collected = collectAnswer(engine, promptRequest("What is a closure?"));
    while (simulator.requestCount() === before) await turn();
    vi.advanceTimersByTime(60);
    const { summary } = await collected;
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
