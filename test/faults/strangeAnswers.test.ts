import { describe, expect, it } from "vitest";
import type { Fault } from "../../src/simulator/faults.ts";
import { KINDS, WHOLE } from "./chainScene.ts";
import { attemptsOf, type Charge, expectCharge, markOf } from "./expectations.ts";
import { strikeEverywhere, useStrikes } from "./struckChain.ts";

/** What looks like a failure and is none: the model's own answer is shown, and nobody else is asked. */
type Row = {
  readonly what: string;
  readonly fault: Fault;
  /** Left out: the whole answer. */
  readonly text?: RegExp;
  readonly costs: Charge;
};

const ROWS: readonly Row[] = [
  {
    what: "a malformed event",
    fault: { kind: "malformedEvent", afterTokens: 3 },
    costs: "what it used",
  },
  {
    what: "a stream without [DONE] that stays open",
    fault: { kind: "noDone" },
    costs: "what it used",
  },
  {
    what: "bytes that are no UTF-8",
    fault: { kind: "badUtf8", afterTokens: 3 },
    text: /\uFFFD.*made up/s,
    costs: "what it used",
  },
  {
    what: "a usage that cannot be",
    fault: { kind: "wrongUsage" },
    costs: "an estimate",
  },
  {
    what: "a slow and steady stream",
    fault: { kind: "slowTokens", ms: 2 },
    costs: "what it used",
  },
  {
    what: "an event of 10 MB",
    fault: { kind: "hugeEvent", afterTokens: 2, bytes: 10_000_000 },
    costs: "what it used",
  },
];

useStrikes();

describe.each(KINDS)("a model of a provider of kind %s, at any place of a chain", (kind) => {
  it.each(ROWS)("answers in spite of $what", async (row) => {
    await strikeEverywhere(kind, { kind: "fault", fault: row.fault }, async (run) => {
      const { at, answer, scene, struck } = run;
      expect(scene.requestsSeen().slice(at)).toEqual([1, 0, 0].slice(0, 3 - at));
      expect(answer.summary).toMatchObject({
        ending: { kind: "complete" },
        modelUsed: struck.ref,
        fallbackCount: at,
      });
      if (row.text === undefined) expect(answer.text).toBe(WHOLE);
      else expect(answer.text).toMatch(row.text);
      for (const attempt of attemptsOf(answer, struck)) expectCharge(attempt, row.costs);
      expect(markOf(await scene.healthOf(struck.ref))).toBe("well");
    });
  });
});
