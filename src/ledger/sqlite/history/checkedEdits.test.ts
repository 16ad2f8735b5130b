import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decisionOf } from "../../../../test/support/ledgers/ledgerRecords.ts";
import { createTestLedger } from "../../../../test/support/ledgers/testLedger.ts";
import type { OutcomeKind } from "../../../contract/history.ts";

type Outcomes = readonly (readonly [kind: OutcomeKind, score: number])[];

/** A history, and a function that adds the decision of an edit with these outcomes, in this order. */
async function edits() {
  const { clock, open, raw } = createTestLedger();
  const { history } = await open();
  let count = 0;
  const add = async (outcomes: Outcomes, route = "Edits", language = "typescript", isEdit = true) => {
    count += 1;
    const id = `d${count}`;
    const decision = decisionOf(id, clock.nowMs);
    await history.saveDecision({
      decision: {
        ...decision,
        route: { kind: "settings", name: route, index: 0 },
        attributes: { ...decision.attributes, language, isEdit: isEdit || undefined },
      },
    });
    for (const [kind, score] of outcomes) await history.saveOutcome(id, kind, score);
    return id;
  };
  return { history, add, raw };
}

const REJECTED_WRONG: Outcomes = [
  ["check", 0],
  ["kept", 0],
];
const PASSED_RIGHT: Outcomes = [
  ["check", 1],
  ["kept", 1],
];

describe("how often the check of edits is right", () => {
  it("is counted by route and language, from what the user kept and what not", async () => {
    const { history, add } = await edits();
    await add(REJECTED_WRONG);
    await add([
      ["kept", 0],
      ["undone", 1],
      ["check", 1],
    ]);
    await add(PASSED_RIGHT);
    await add([
      ["kept", 1],
      ["check", 0],
    ]);
    await add(PASSED_RIGHT, "Edits", "python");
    await add(PASSED_RIGHT, "Other");
    const typescript = { route: "Edits", language: "typescript" };
    expect(await history.checkRecords(["Edits", "None"])).toEqual([
      { route: "Edits", language: "python", wrong: 0, rejectedWrong: 0, right: 1, passedRight: 1 },
      { ...typescript, wrong: 2, rejectedWrong: 1, right: 2, passedRight: 1 },
    ]);
  });

  it("leaves out edits that were not checked, or not judged", async () => {
    const { history, add } = await edits();
    await add([["kept", 0]]);
    await add([["check", 0]]);
    await add([["thumbs", 0]]);
    expect(await history.checkRecords(["Edits"])).toEqual([]);
  });

  it("leaves out edits whose failed check another model answers without the user", async () => {
    const { history, add } = await edits();
    await add([["auto", 1], ...REJECTED_WRONG]);
    await add([...PASSED_RIGHT, ["auto", 1]]);
    expect(await history.checkRecords(["Edits"])).toEqual([]);
  });

  it("leaves out code of the chat, which the user has judged before", async () => {
    const { history, add } = await edits();
    await add(REJECTED_WRONG, "Edits", "typescript", false);
    expect(await history.checkRecords(["Edits"])).toEqual([]);
  });

  it("follows the last outcome of each kind", async () => {
    const { history, add } = await edits();
    const id = await add(PASSED_RIGHT);
    await history.saveOutcome(id, "check", 0);
    expect(await history.checkRecords(["Edits"])).toMatchObject([{ right: 1, passedRight: 0 }]);
    await history.removeOutcome(id, "check");
    expect(await history.checkRecords(["Edits"])).toEqual([]);
  });

  it("has an empty language where none is known", async () => {
    const { history, add } = await edits();
    const id = await add([], "Edits", "");
    await history.saveOutcome(id, "check", 1);
    await history.saveOutcome(id, "kept", 1);
    expect(await history.checkRecords(["Edits"])).toMatchObject([{ language: "", right: 1 }]);
  });

  it("counts each judged edit once, in whatever order its outcomes come", async () => {
    const outcome = fc.tuple(
      fc.constantFrom<OutcomeKind>("check", "kept", "undone", "auto", "escalated:new-errors"),
      fc.constantFrom(0, 1),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(outcome, { maxLength: 5 }), { maxLength: 6 }), async (all) => {
        const { history, add } = await edits();
        for (const outcomes of all) await add(outcomes);
        const last = all.map((outcomes) => new Map(outcomes));
        const judged = last.filter((each) => each.has("check") && each.has("kept") && !each.has("auto"));
        const count = (kept: number, passed?: number) =>
          judged.filter(
            (each) => each.get("kept") === kept && (passed ?? each.get("check")) === each.get("check"),
          ).length;
        const expected = {
          ...{ wrong: count(0), rejectedWrong: count(0, 0), right: count(1), passedRight: count(1, 1) },
        };
        expect(await history.checkRecords(["Edits"])).toEqual(
          judged.length === 0 ? [] : [{ route: "Edits", language: "typescript", ...expected }],
        );
      }),
      { numRuns: 30 },
    );
  });

  it("is read from an index alone", async () => {
    const { raw } = await edits();
    const plan = raw()
      .prepare("EXPLAIN QUERY PLAN SELECT language, kept, passed FROM checked_edit WHERE route = ?")
      .all("Edits");
    expect(plan.map(({ detail }) => detail)).toEqual([
      "SEARCH checked_edit USING COVERING INDEX checked_edit_of_route (route=?)",
    ]);
  });
});
