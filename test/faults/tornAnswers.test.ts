import { describe, expect, it } from "vitest";
import type { FailureRecord } from "../../src/contract/failure.ts";
import type { Fault } from "../../src/simulator/faults.ts";
import { KINDS, WHOLE } from "./chainScene.ts";
import { attemptsOf, expectCharge, expectTold, failureOf } from "./expectations.ts";
import { strikeEverywhere, useStrikes } from "./struckChain.ts";

/** How a stream can break after text was shown, and what the user is told of it. */
type Row = { readonly tear: string; readonly fault: Fault; readonly told: Partial<FailureRecord> };

const ROWS: readonly Row[] = [
  {
    tear: "stalls",
    fault: { kind: "stall", afterTokens: 5 },
    told: { kind: "timeout", phase: "idle" },
  },
  {
    tear: "is cut",
    fault: { kind: "cut", afterTokens: 5, how: "reset" },
    told: { kind: "cut" },
  },
  {
    tear: "ends too early",
    fault: { kind: "cut", afterTokens: 5, how: "clean" },
    told: { kind: "cut" },
  },
  {
    tear: "carries an error event",
    fault: { kind: "errorEvent", afterTokens: 5 },
    told: { kind: "cut" },
  },
  {
    tear: "is whole but for its finish reason",
    fault: { kind: "noFinish" },
    told: { kind: "cut" },
  },
  {
    tear: "carries an event without an end",
    fault: { kind: "hugeEvent", afterTokens: 5, bytes: 40_000_000 },
    told: { kind: "malformed" },
  },
];

useStrikes();

describe.each(KINDS)("an answer from a provider of kind %s, at any place of a chain", (kind) => {
  it.each(ROWS)("is whole, or a failure, when its stream $tear", async ({ fault, told }) => {
    await strikeEverywhere(kind, { kind: "fault", fault }, async (run) => {
      const { answer, scene, struck, next } = run;
      const { ending } = answer.summary;
      expect(scene.requestsSeen()[run.at]).toBe(1);
      const [attempt] = attemptsOf(answer, struck);
      expectTold(failureOf(attempt), told, struck);
      if (attempt !== undefined) expectCharge(attempt, "an estimate");
      expect((await scene.healthOf(struck.ref))?.breaker.failures).toBe(1);

      // With somebody behind it, the answer is whole in the end; with nobody, it never is.
      if (next === undefined) {
        expectTold(ending.kind === "failed" ? ending.failure : undefined, told, struck);
      } else {
        expect(ending).toEqual({ kind: "complete" });
        expect(answer.text).toBe(WHOLE);
        expect(answer.summary.modelUsed).toBe(next.ref);
      }
    });
  });
});
