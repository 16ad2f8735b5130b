import type { Decision } from "../../../src/contract/decision.ts";
import type { CheckRecord } from "../../../src/contract/history.ts";
import type { ModelCard, ModelRef } from "../../../src/contract/model.ts";
import { decide } from "../../../src/routing/decide/decide.ts";
import { nextTry } from "../../../src/routing/decide/escalate.ts";
import { readSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { attributes, features, world } from "../../support/routing/worlds.ts";
import type { ResultTable } from "./table.ts";

const { settings: DEFAULTS } = readSettings({});

/** How many edits were discarded or undone before: enough that the share of those that the check rejected is exact. */
const JUDGED_EDITS = 1000;

const ROUTE = "Cascade";

/**
 * What an edit begins with. `cheapest`: a route with `"pick": "cheapest"`. `strongest`: the derived route at its best.
 * `rejectsWrong`: a route with `"pick": "cascade"`, whose check has rejected this share of the wrong edits so far.
 */
export type Start = "cheapest" | "strongest" | { readonly rejectsWrong: number };

/**
 * The models that try an issue, each if the answer before was rejected: what the product's own policy chooses from these
 * models, all of which are available.
 */
export function triedModels(
  start: Start,
  cards: readonly ModelCard[],
  request: ResultTable["request"],
): readonly ModelRef[] {
  const settings: Settings =
    start === "strongest" ? { ...DEFAULTS, dial: "best" } : { ...DEFAULTS, routes: [routeOf(start, cards)] };
  const now = world(cards, { checks: typeof start === "object" ? [recordOf(start)] : [] });
  const asked = attributes({
    isEdit: true,
    expectedOutputTokens: request.outputTokens,
    inputBoundTokens: request.inputTokens,
  });
  const size = features("high", { contextTokens: request.inputTokens });
  let decision = decide(asked, size, settings, now);
  const tried = [firstOf(decision)];
  for (let step = 1; step <= settings.escalation.maxSteps; step += 1) {
    const from = firstOf(decision);
    const next = nextTry(decision, from, settings, now);
    if (next === undefined) break;
    const escalation = { ...next, decisionId: decision.id, from, reason: "failed-test" } as const;
    decision = decide({ ...asked, requestId: `${step}`, escalation }, size, settings, now);
    tried.push(firstOf(decision));
  }
  return tried;
}

function routeOf(start: Start, cards: readonly ModelCard[]): Settings["routes"][number] {
  return {
    name: ROUTE,
    models: cards.map(({ ref }) => ({ model: ref })),
    pick: typeof start === "object" ? "cascade" : "cheapest",
    localOnly: false,
  };
}

function recordOf({ rejectsWrong }: { readonly rejectsWrong: number }): CheckRecord {
  const rejectedWrong = Math.round(JUDGED_EDITS * rejectsWrong);
  return { route: ROUTE, language: "", wrong: JUDGED_EDITS, rejectedWrong, right: 0, passedRight: 0 };
}

function firstOf({ outcome }: Decision): ModelRef {
  if (outcome.kind !== "chosen") throw new Error(`No model was chosen: ${outcome.reason.kind}.`);
  return outcome.chain[0].ref;
}
