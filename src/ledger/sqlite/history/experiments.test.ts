import { describe, expect, it } from "vitest";
import { decisionOf, summaryOf } from "../../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";
import type { AnswerSummary } from "../../../contract/answer.ts";
import type { ExperimentArm } from "../../../contract/decision.ts";

type Trial = {
  readonly arm: ExperimentArm;
  readonly unit: string;
  readonly name?: string;
  readonly summary?: Partial<AnswerSummary>;
  readonly outcomes?: Readonly<Partial<Record<"thumbs" | "kept", number>>>;
};

/** A history, and a function that adds one decision to an experiment. */
async function trials() {
  const { clock, open } = createTestLedger();
  const { history } = await open();
  let decisions = 0;
  const add = async ({ arm, unit, name = "e", summary, outcomes = {} }: Trial) => {
    clock.nowMs += 1;
    decisions += 1;
    const id = `d${decisions}`;
    const experiment = { name, arm, unit };
    await history.saveDecision({
      decision: { ...decisionOf(id, clock.nowMs), experiment },
    });
    if (summary !== undefined) {
      await history.saveSummary({ ...summaryOf(id, 10, { kind: "complete" }), ...summary });
    }
    for (const kind of ["thumbs", "kept"] as const) {
      const score = outcomes[kind];
      if (score !== undefined) await history.saveOutcome(id, kind, score);
    }
  };
  return { history, add, clock };
}

function costing(usd: number): AnswerSummary["cost"] {
  return { kind: "exact", nanoUsd: usd * 1e9 };
}

describe("experiments", () => {
  it("have one value per unit: the mean over its decisions, in the order of the first ones", async () => {
    const { history, add } = await trials();
    await add({ arm: "control", unit: "z", outcomes: { thumbs: 1 } });
    await add({ arm: "treatment", unit: "t", outcomes: { thumbs: 0 } });
    await add({ arm: "control", unit: "a", outcomes: { thumbs: 0, kept: 1 } });
    await add({ arm: "control", unit: "z", outcomes: { thumbs: 0 } });
    await add({ arm: "control", unit: "z" });
    expect(await history.experimentValues("e", "thumbs")).toEqual({ control: [0.5, 0], treatment: [0] });
  });

  it("take from edits whether they were kept", async () => {
    const { history, add } = await trials();
    await add({ arm: "control", unit: "a", outcomes: { kept: 1, thumbs: 0 } });
    await add({ arm: "control", unit: "b", outcomes: { thumbs: 1 } });
    await add({ arm: "treatment", unit: "c", outcomes: { kept: 0 } });
    expect(await history.experimentValues("e", "kept")).toEqual({ control: [1], treatment: [0] });
  });

  it("take cost and latency from the summaries", async () => {
    const { history, add } = await trials();
    await add({ arm: "control", unit: "a", summary: { cost: costing(0.25), tookMs: 1500.5 } });
    await add({ arm: "control", unit: "a", summary: { cost: costing(0.75), tookMs: 500.5 } });
    await add({ arm: "treatment", unit: "b", summary: { cost: costing(0), tookMs: 100 } });
    expect(await history.experimentValues("e", "costUsd")).toEqual({ control: [0.5], treatment: [0] });
    expect(await history.experimentValues("e", "latencyMs")).toEqual({ control: [1000.5], treatment: [100] });
  });

  it("ignore the latency of incomplete answers, unknown costs, and requests that were not sent", async () => {
    const { history, add } = await trials();
    const cost = costing(0.5);
    await add({ arm: "control", unit: "a", summary: { ending: { kind: "stopped" }, cost, tookMs: 1 } });
    await add({ arm: "control", unit: "b", summary: { cost: { kind: "unknown" }, tookMs: 7 } });
    const stop = { kind: "no-model-available" } as const;
    await add({
      arm: "control",
      unit: "c",
      summary: { ending: { kind: "not-sent", reason: stop }, cost: costing(0), tookMs: 1 },
    });
    await add({ arm: "control", unit: "d" });
    expect((await history.experimentValues("e", "costUsd")).control).toEqual([0.5]);
    expect((await history.experimentValues("e", "latencyMs")).control).toEqual([7]);
  });

  it("count a unit for its first arm after the share was changed", async () => {
    const { history, add } = await trials();
    await add({ arm: "control", unit: "a", outcomes: { thumbs: 1 } });
    await add({ arm: "treatment", unit: "a", outcomes: { thumbs: 0 } });
    await add({ arm: "treatment", unit: "b", outcomes: { thumbs: 0 } });
    expect(await history.experimentValues("e", "thumbs")).toEqual({ control: [1], treatment: [0] });
  });

  it("do not mix two experiments", async () => {
    const { history, add } = await trials();
    await add({ arm: "control", unit: "a", outcomes: { thumbs: 1 } });
    await add({ name: "other", arm: "treatment", unit: "a", outcomes: { thumbs: 0 } });
    expect(await history.experimentValues("none", "thumbs")).toEqual({ control: [], treatment: [] });
  });

  it("are listed with the totals of each arm, failures and fallbacks included", async () => {
    const { history, add, clock } = await trials();
    const began = clock.nowMs + 1;
    const failure = { kind: "overloaded", provider: "openai", message: "Busy" } as const;
    await add({ arm: "control", unit: "a", summary: { fallbackCount: 0 } });
    await add({ arm: "control", unit: "a", summary: { fallbackCount: 1 } });
    await add({
      arm: "control",
      unit: "b",
      summary: { fallbackCount: 0, ending: { kind: "failed", failure } },
    });
    await add({ name: "newer", arm: "treatment", unit: "a" });
    const none = { units: 0, decisions: 0, failures: 0, fallbacks: 0 };
    expect(await history.experiments()).toEqual([
      {
        name: "newer",
        firstAtMs: began + 3,
        lastAtMs: began + 3,
        control: none,
        treatment: { ...none, units: 1, decisions: 1 },
      },
      {
        name: "e",
        firstAtMs: began,
        lastAtMs: began + 2,
        control: { units: 2, decisions: 3, failures: 1, fallbacks: 1 },
        treatment: none,
      },
    ]);
  });

  it("contain no decisions outside of experiments", async () => {
    const { history, clock } = await trials();
    await history.saveDecision({ decision: decisionOf("d", clock.nowMs) });
    await history.saveSummary(summaryOf("d", 10, { kind: "complete" }));
    expect(await history.experiments()).toEqual([]);
  });
});
