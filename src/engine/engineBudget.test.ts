import { describe, expect, it } from "vitest";
import { collectAnswer } from "../../test/support/collectAnswer.ts";
import { promptRequest } from "../../test/support/engineRequest.ts";
import { InstantClock } from "../../test/support/instantClock.ts";
import { engineWith, simulator, useSimulator } from "../../test/support/simulatedEngine.ts";
import { NANO_PER_USD } from "../contract/money.ts";

useSimulator();

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
    const settings = {
      "switchyard.budget.dailyUsd": 0.01,
      "switchyard.models": {
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6, quality: 0.5 },
        "west/sim-balanced": { inputUsdPerMTok: 1.25, outputUsdPerMTok: 10, quality: 0.5 },
        "home/sim-local": { quality: 0.4 },
      },
    };
    // The request waits for the other one, which takes no time here.
    const { engine, ledger } = await engineWith(settings, undefined, undefined, new InstantClock());
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

  it("names the models of all earlier tries, which the next one does not fall back to", async () => {
    const { engine, ledger } = await engineWith({
      "switchyard.models": {
        "east/sim-cheap": { inputUsdPerMTok: 0.15, outputUsdPerMTok: 0.6, quality: 0.5 },
        "west/sim-balanced": { inputUsdPerMTok: 1.25, outputUsdPerMTok: 10, quality: 0.7 },
        "east/sim-premium": { inputUsdPerMTok: 3, outputUsdPerMTok: 15, quality: 0.9 },
      },
      "switchyard.routes": [
        { name: "All", models: ["east/sim-cheap", "west/sim-balanced", "east/sim-premium"] },
      ],
    });
    const { summary: first } = await collectAnswer(engine, promptRequest("Why?"));
    const second = await collectAnswer(
      engine,
      promptRequest("Why?", { escalation: await engine.escalate(first.decisionId, "new-errors") }),
    );
    const escalation = await engine.escalate(second.summary.decisionId, "new-errors");
    expect(escalation).toMatchObject({ from: "west/sim-balanced", earlier: ["east/sim-cheap"] });
    const third = await collectAnswer(engine, promptRequest("Why?", { escalation }));
    const record = await ledger.history.decision(third.summary.decisionId);
    expect(record?.decision.outcome).toMatchObject({ chain: [{ ref: "east/sim-premium" }] });
  });
});
