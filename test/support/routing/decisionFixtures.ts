import type { Decision } from "../../../src/contract/decision.ts";
import { NANO_PER_USD } from "../../../src/contract/money.ts";
import { readSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { card } from "./worlds.ts";

/** The model cards of the decision tests: three hosted models of two providers, and a free local one. */
export const expensive = card("a/expensive", {
  inputUsdPerMTok: 10,
  outputUsdPerMTok: 50,
  quality: { value: 0.9, basis: "estimate" },
});
export const fair = card("b/fair", {
  inputUsdPerMTok: 2,
  outputUsdPerMTok: 10,
  quality: { value: 0.75, basis: "estimate" },
});
export const cheap = card("a/cheap", {
  inputUsdPerMTok: 0.1,
  outputUsdPerMTok: 0.5,
  quality: { value: 0.55, basis: "estimate" },
});
const free = card("home/free", {
  local: true,
  inputUsdPerMTok: 0,
  outputUsdPerMTok: 0,
  quality: { value: 0.4, basis: "estimate" },
});
export const allModels = [expensive, fair, cheap, free];

/** Settings from their names without the `switchyard.` prefix. */
export function settingsWith(raw: Record<string, unknown> = {}): Settings {
  return readSettings(
    Object.fromEntries(Object.entries(raw).map(([name, value]) => [`switchyard.${name}`, value])),
  ).settings;
}

const providers = {
  a: { kind: "openai" },
  b: { kind: "openai" },
  home: { kind: "openai-compatible", baseUrl: "http://127.0.0.1:1/v1", local: true },
};

/** Settings with these routes. */
export function routed(routes: readonly unknown[], more: Record<string, unknown> = {}): Settings {
  return settingsWith({ providers, routes, ...more });
}

/** A route named R. */
export const route = (models: readonly unknown[], more: Record<string, unknown> = {}) => ({
  name: "R",
  models,
  ...more,
});

/** The models of the chain, or why the request is blocked. */
export const refs = (decision: Decision) =>
  decision.outcome.kind === "chosen"
    ? decision.outcome.chain.map(({ ref }) => ref)
    : decision.outcome.reason.kind;

/** Why each skipped model was skipped. */
export const reasons = (decision: Decision) =>
  Object.fromEntries(decision.skipped.map(({ ref, reason }) => [ref, reason]));

/** A world's budget of 5 dollars a day, of which this much is left. */
export const budget = (leftUsd: number) => ({
  budget: [
    {
      leftNanoUsd: leftUsd * NANO_PER_USD,
      budgetNanoUsd: 5 * NANO_PER_USD,
      limit: { kind: "day" } as const,
    },
  ],
});
