import { describe, expect, it } from "vitest";
import type { Fault } from "../../../src/simulator/faults.ts";
import { attemptsOf, type Charge, expectCharge, healthStateOf } from "../chain/expectations.ts";
import { testEveryPlace, useFaultyChains } from "../chain/faultyChain.ts";
import { body, eventsOf } from "../chain/streamBodies.ts";
import { COMPLETE_TEXT, KINDS, type Kind } from "../chain/testChain.ts";

/** A flaw that is not a failure: the answer is shown, and no other model is asked. */
type Row = {
  readonly name: string;
  readonly fault: Fault | ((kind: Kind) => Fault);
  /** The default is the complete answer. */
  readonly text?: RegExp;
  readonly charge: Charge;
};

const ROWS: readonly Row[] = [
  {
    name: "a malformed event",
    fault: { kind: "malformedEvent", afterTokens: 3 },
    charge: "what it used",
  },
  {
    name: "a stream without [DONE] that stays open",
    fault: { kind: "noDone" },
    charge: "what it used",
  },
  {
    name: "bytes that are not UTF-8",
    fault: { kind: "badUtf8", afterTokens: 3 },
    text: /\uFFFD.*made up/s,
    charge: "what it used",
  },
  {
    name: "an impossible usage",
    fault: { kind: "wrongUsage" },
    charge: "an estimate",
  },
  {
    name: "a slow and steady stream",
    fault: { kind: "slowTokens", ms: 2 },
    charge: "what it used",
  },
  {
    name: "the announced end of a stream without a finish reason",
    fault: (kind) => {
      const { text, done } = eventsOf(kind);
      return body(text("One ") + text("two.") + done);
    },
    text: /^One two\.$/,
    charge: "an estimate",
  },
  {
    name: "content after a finish reason",
    fault: (kind) => {
      const { text, finish, usage, done } = eventsOf(kind);
      return body(text("One ", true) + text("two.") + finish + usage + done);
    },
    text: /^One two\.$/,
    charge: "what it used",
  },
  {
    name: "events that one newline separates",
    fault: (kind) => {
      const { text, finish, usage, done } = eventsOf(kind);
      return body((text("One ") + text("two.")).replaceAll("\n\n", "\n") + finish + usage + done);
    },
    text: /^One two\.$/,
    charge: "what it used",
  },
  {
    name: "an answer in one piece",
    fault: (kind) => body(eventsOf(kind).whole("One two."), "application/json"),
    text: /^One two\.$/,
    charge: "what it used",
  },
  {
    name: "an answer in one piece, which is labelled as events",
    fault: (kind) => body(eventsOf(kind).whole("One two.")),
    text: /^One two\.$/,
    charge: "what it used",
  },
  {
    name: "a wrong content type",
    fault: (kind) => {
      const { text, finish, usage, done } = eventsOf(kind);
      return body(text("One two.") + finish + usage + done, "application/json");
    },
    text: /^One two\.$/,
    charge: "what it used",
  },
  {
    name: "an event of 10 MB",
    fault: { kind: "hugeEvent", afterTokens: 2, bytes: 10_000_000 },
    charge: "what it used",
  },
];

useFaultyChains();

describe.each(KINDS)("a model of a provider of kind %s, at any place in a chain", (kind) => {
  it.each(ROWS)("answers in spite of $name", async (row) => {
    const fault = typeof row.fault === "function" ? row.fault(kind) : row.fault;
    await testEveryPlace(kind, { kind: "fault", fault }, async (run) => {
      const { at, answer, scene, faulty } = run;
      expect(scene.requestsSeen().slice(at)).toEqual([1, 0, 0].slice(0, 3 - at));
      expect(answer.summary).toMatchObject({
        ending: { kind: "complete" },
        modelUsed: faulty.ref,
        fallbackCount: at,
      });
      if (row.text === undefined) expect(answer.text).toBe(COMPLETE_TEXT);
      else expect(answer.text).toMatch(row.text);
      for (const attempt of attemptsOf(answer, faulty)) expectCharge(attempt, row.charge);
      expect(healthStateOf(await scene.healthOf(faulty.ref))).toBe("healthy");
    });
  });
});
