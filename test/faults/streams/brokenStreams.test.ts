import { describe, expect, it } from "vitest";
import type { FailureRecord } from "../../../src/contract/failure.ts";
import type { Fault } from "../../../src/simulator/faults.ts";
import { attemptsOf, expectCharge, expectFailure, failureOf } from "../chain/expectations.ts";
import { PIECES, testEveryPlace, useFaultyChains } from "../chain/faultyChain.ts";
import { body, eventsOf } from "../chain/streamBodies.ts";
import { COMPLETE_TEXT, KINDS, type Kind } from "../chain/testChain.ts";

/** How a stream breaks after text was shown, and the failure that the answer reports. */
type Row = {
  readonly name: string;
  readonly fault: Fault | ((kind: Kind) => Fault);
  readonly failure: Partial<FailureRecord>;
};

const ROWS: readonly Row[] = [
  {
    name: "that stalls",
    fault: { kind: "stall", afterTokens: 5 },
    failure: { kind: "timeout", phase: "idle" },
  },
  {
    name: "that is reset",
    fault: { kind: "cut", afterTokens: 5, how: "reset" },
    failure: { kind: "cut" },
  },
  {
    name: "that ends too early",
    fault: { kind: "cut", afterTokens: 5, how: "clean" },
    failure: { kind: "cut" },
  },
  {
    name: "with an error event",
    fault: { kind: "errorEvent", afterTokens: 5 },
    failure: { kind: "cut" },
  },
  {
    name: "that lacks only its finish reason",
    fault: { kind: "noFinish" },
    failure: { kind: "cut" },
  },
  {
    name: "with an event whose piece of the text cannot be read",
    fault: (kind) => {
      const { text, finish, done } = eventsOf(kind);
      const [unread = "", ...rest] = PIECES.slice(5).map((piece) => text(piece));
      const cut = `${unread.slice(0, -6)}\n\n`;
      return body([...PIECES.slice(0, 5).map((piece) => text(piece)), cut, ...rest, finish, done].join(""));
    },
    failure: { kind: "malformed" },
  },
  {
    name: "with an event that has no end",
    fault: { kind: "hugeEvent", afterTokens: 5, bytes: 40_000_000 },
    failure: { kind: "malformed" },
  },
];

useFaultyChains();

describe.each(KINDS)("a chain with a provider of kind %s at any place", (kind) => {
  it.each(ROWS)(
    "continues a stream $name with the next model, or fails without one",
    async ({ fault, failure }) => {
      const ofKind = typeof fault === "function" ? fault(kind) : fault;
      await testEveryPlace(kind, { kind: "fault", fault: ofKind }, async (run) => {
        const { answer, scene, faulty, next } = run;
        const { ending } = answer.summary;
        expect(scene.requestsSeen()[run.at]).toBe(1);
        const [attempt] = attemptsOf(answer, faulty);
        expectFailure(failureOf(attempt), failure, faulty);
        if (attempt !== undefined) expectCharge(attempt, "an estimate");
        expect((await scene.healthOf(faulty.ref))?.breaker.failures).toBe(1);

        if (next === undefined) {
          expectFailure(ending.kind === "failed" ? ending.failure : undefined, failure, faulty);
        } else {
          expect(ending).toEqual({ kind: "complete" });
          expect(answer.text).toBe(COMPLETE_TEXT);
          expect(answer.summary.modelUsed).toBe(next.ref);
        }
      });
    },
  );
});
