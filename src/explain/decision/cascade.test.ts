import { expect, it } from "vitest";
import { decision, summary } from "../../../test/support/answers.ts";
import type { Cascade } from "../../contract/edit/cascade.ts";
import { describeDecisionBriefly } from "./facts.ts";
import { describePick } from "./picks.ts";
import { whySentences } from "./why.ts";

const chain = [{ ref: "p/a" }, { ref: "p/b" }] as const;
const edits = { wrong: 13, rejectedWrong: 12 };
const interval = { low: 0.667, high: 0.986 };
const few = { wrong: 3, rejectedWrong: 3, least: 10 };

it.each<[string, Cascade]>([
  [
    "Cheapest first: the check rejected 12 of 13 edits that were discarded or undone (95% interval 67 to 99%), and this route needs 83%.",
    { first: "cheapest", because: { kind: "measured", ...edits, ...interval, needed: 0.83 } },
  ],
  [
    "Strongest first: the check rejected only 12 of 13 edits that were discarded or undone (95% interval 67 to 99%), and this route needs 95%.",
    { first: "strongest", because: { kind: "measured", ...edits, ...interval, needed: 0.95 } },
  ],
  [
    "Strongest first: by the prices and qualities of this route, beginning with a cheaper model does not pay.",
    { first: "strongest", because: { kind: "measured", ...edits, ...interval } },
  ],
  [
    "Strongest first: how often the check is right is not known yet (3 of 10 discarded or undone edits).",
    { first: "strongest", because: { kind: "unknown", ...few } },
  ],
  [
    "Cheapest first: your command checks edits. How often it is right is not known yet (3 of 10 discarded or undone edits).",
    { first: "cheapest", because: { kind: "command", ...few, needed: 0.83 } },
  ],
  [
    "Strongest first: by the prices and qualities of this route, beginning with a cheaper model does not pay.",
    { first: "strongest", because: { kind: "command", ...few } },
  ],
  [
    "Strongest first: only edits of selected code are checked.",
    { first: "strongest", because: { kind: "no-check" } },
  ],
  [
    "Strongest first: “switchyard.escalate” is off, so no other model tries after a failed check.",
    { first: "strongest", because: { kind: "no-escalation" } },
  ],
])("says: %s", (sentence, cascade) => {
  const decided = decision({ pick: "cascade", outcome: { kind: "chosen", chain }, cascade });
  expect(whySentences(decided, summary({ modelUsed: "p/a" }), String)).toContain(sentence);
  const order = sentence.slice(0, sentence.indexOf(":"));
  expect(describePick(decided)).toBe(order);
  expect(describeDecisionBriefly(decided)).toContain(order.toLowerCase());
});

it("says nothing of a cascade where the budget chose the model", () => {
  const cascade: Cascade = { first: "strongest", because: { kind: "no-check" } };
  const outcome = { kind: "chosen", chain, byBudget: "free" } as const;
  const decided = decision({ pick: "cascade", outcome, cascade });
  expect(whySentences(decided, summary({ modelUsed: "p/a" }), String).join(" ")).not.toContain(
    "Strongest first",
  );
});
