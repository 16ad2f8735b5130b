import type { Decision } from "../../../src/contract/decision.ts";
import type { ModelCard, ModelRef } from "../../../src/contract/model.ts";
import { decide } from "../../../src/routing/decide/decide.ts";
import { nextTry } from "../../../src/routing/decide/escalate.ts";
import { readSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { attributes, features, world } from "../../support/routing/worlds.ts";
import type { ResultTable } from "./table.ts";

/** How many models may follow the first one. */
const MAX_STEPS_UP = 2;

const { settings: DEFAULTS } = readSettings({});

/**
 * The models that try an issue, each if the answer before was rejected: what the product's own policy chooses from these
 * models, all of which are available.
 * @param start `cheapest`: a route with `"pick": "cheapest"`. `strongest`: the derived route at its best.
 */
export function triedModels(
  start: "cheapest" | "strongest",
  cards: readonly ModelCard[],
  request: ResultTable["request"],
): readonly ModelRef[] {
  const settings: Settings =
    start === "strongest" ? { ...DEFAULTS, dial: "best" } : { ...DEFAULTS, routes: [cheapestOf(cards)] };
  const now = world(cards);
  const asked = attributes({
    expectedOutputTokens: request.outputTokens,
    inputBoundTokens: request.inputTokens,
  });
  const size = features("high", { contextTokens: request.inputTokens });
  let decision = decide(asked, size, settings, now);
  const tried = [firstOf(decision)];
  for (let step = 1; step <= MAX_STEPS_UP; step += 1) {
    const from = firstOf(decision);
    const next = nextTry(decision, from, settings, now);
    if (next === undefined) break;
    const escalation = { ...next, decisionId: decision.id, from, reason: "failed-test" } as const;
    decision = decide({ ...asked, requestId: `${step}`, escalation }, size, settings, now);
    tried.push(firstOf(decision));
  }
  return tried;
}

function cheapestOf(cards: readonly ModelCard[]): Settings["routes"][number] {
  return {
    name: "Cascade",
    models: cards.map(({ ref }) => ({ model: ref })),
    pick: "cheapest",
    localOnly: false,
  };
}

function firstOf({ outcome }: Decision): ModelRef {
  if (outcome.kind !== "chosen") throw new Error(`No model was chosen: ${outcome.reason.kind}.`);
  return outcome.chain[0].ref;
}
