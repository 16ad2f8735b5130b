import { counts } from "../../contract/budget.ts";
import type { Attributes, ChainStep, DecisionOutcome } from "../../contract/decision.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import type { NanoUsd } from "../../contract/money.ts";
import type { BudgetChoice, NeededBudget, UnboundedCost } from "../../contract/skipped.ts";
import { worstCaseOf } from "../../models/price.ts";
import type { Settings } from "../../settings/schema.ts";
import type { EligibleModel } from "./eligibility.ts";
import type { DecisionInput, LimitState, World } from "./world.ts";

/** The shortest useful answer: a model is skipped if the budget cannot afford this many output tokens. */
export const MIN_OUTPUT_TOKENS = 1024;

/** Images whose tokens are unknown for a model. */
const IMAGES: UnboundedCost = { kind: "part", name: "images" };

export type Affordability =
  | { readonly kind: "affordable" }
  | { readonly kind: "over-budget"; readonly worstCaseNanoUsd: NanoUsd; readonly tightest: LimitState }
  | { readonly kind: "unknown-price"; readonly unboundedCost?: UnboundedCost | undefined };

/**
 * Whether what is left of the budget can afford a model: the input at its upper bound and highest price, and 1,024 output
 * tokens (or the output limit, if lower). Reservations of other requests count only if this one has waited for them.
 */
export function affordabilityOf(
  card: ModelCard,
  attributes: Attributes,
  settings: OutputSettings,
  { budget, overrunFactors }: Pick<World, "budget" | "overrunFactors">,
): Affordability {
  const tightest = tightestLimit(card.ref, attributes, budget);
  if (tightest === undefined || isFree(card, attributes)) return { kind: "affordable" };
  const worstCaseNanoUsd = neededFor(card, attributes, settings, overrunFactors);
  if (worstCaseNanoUsd === undefined) {
    const hasUnknownImages = imageBoundFor(card, attributes) === undefined;
    return {
      kind: "unknown-price",
      unboundedCost: attributes.unboundedCost ?? (hasUnknownImages ? IMAGES : undefined),
    };
  }
  return worstCaseNanoUsd <= freeOf(tightest)
    ? { kind: "affordable" }
    : { kind: "over-budget", worstCaseNanoUsd, tightest };
}

/** The limit that leaves a model the least; undefined if none applies to it. */
function tightestLimit(
  ref: ModelRef,
  { conversation }: Attributes,
  budget: World["budget"] = [],
): LimitState | undefined {
  let tightest: LimitState | undefined;
  for (const state of budget) {
    if (!counts(state.limit, { ref, conversation })) continue;
    if (tightest === undefined || freeOf(state) < freeOf(tightest)) tightest = state;
  }
  return tightest;
}

function freeOf({ leftNanoUsd, reservedNanoUsd = 0 }: LimitState): NanoUsd {
  return leftNanoUsd - reservedNanoUsd;
}

/** What must be left of the budget for a useful answer; undefined if it has no known upper bound. */
function neededFor(
  card: ModelCard,
  attributes: Attributes,
  settings: OutputSettings,
  overrunFactors: World["overrunFactors"],
): NanoUsd | undefined {
  const worst = maxCostOf(card, attributes, minOutputTokens(card, attributes, settings));
  return worst === undefined ? undefined : Math.ceil(worst * (overrunFactors?.get(card.ref) ?? 1));
}

/** An upper bound of the request's input tokens; undefined if a part of the input has none for this model. */
export function inputBoundFor(card: ModelCard, attributes: Attributes): number | undefined {
  const imageTokens = imageBoundFor(card, attributes);
  if (imageTokens === undefined || attributes.unboundedCost !== undefined) return undefined;
  return attributes.inputBoundTokens + imageTokens;
}

/** An upper bound of the tokens of the request's images; undefined if it is unknown for this model. */
export function imageBoundFor(
  { imageTokens, imageAddressTokens }: ModelCard,
  { images, imageAddresses = 0 }: Attributes,
): number | undefined {
  let bound = 0;
  for (const [count, tokens] of [
    [images, imageTokens],
    [imageAddresses, imageAddressTokens],
  ] as const) {
    if (count === 0) continue;
    if (tokens === undefined) return undefined;
    bound += count * tokens;
  }
  return bound;
}

/** An upper bound of a call's cost; undefined if a price, or the tokens of an image, is unknown. */
export function maxCostOf(
  card: ModelCard,
  attributes: Attributes,
  outputTokens: number,
): NanoUsd | undefined {
  if (isFree(card, attributes)) return 0;
  const input = inputBoundFor(card, attributes);
  return input === undefined ? undefined : worstCaseOf(card, input, outputTokens);
}

/** Whether an answer costs nothing, whatever its length. Fields of the client can add a fee to a hosted model's price. */
function isFree(card: ModelCard, { unboundedCost }: Attributes): boolean {
  if (card.local || card.simulated === true) return true;
  return card.inputUsdPerMTok === 0 && card.outputUsdPerMTok === 0 && unboundedCost === undefined;
}

type OutputSettings = Pick<Settings, "maxOutputTokens">;

/** The output limit before the budget lowers it: the least of the request's, the card's and `switchyard.maxOutputTokens`. */
export function outputLimitOf(
  card: Pick<ModelCard, "maxOutputTokens">,
  attributes: Pick<Attributes, "maxOutputTokens">,
  settings: OutputSettings,
): number {
  const { maxOutputTokens } = settings;
  return Math.min(
    maxOutputTokens,
    attributes.maxOutputTokens ?? maxOutputTokens,
    card.maxOutputTokens ?? maxOutputTokens,
  );
}

/** The output tokens that a useful answer needs: 1,024, or the output limit if that is lower. */
export function minOutputTokens(card: ModelCard, attributes: Attributes, settings: OutputSettings): number {
  return Math.min(MIN_OUTPUT_TOKENS, outputLimitOf(card, attributes, settings));
}

/**
 * The outcome if the budget can afford none of the route's models, or not the first one and the user is to be asked, or if
 * the user made a budget choice for this prompt.
 * @param wanted the model that would come first without a budget
 * @param overBudget the route's models that only the budget excludes
 * @param known all eligible models, in the route or not, apart from the budget
 */
export function budgetOutcome(
  wanted: ChainStep | undefined,
  overBudget: readonly EligibleModel[],
  known: readonly EligibleModel[],
  input: DecisionInput,
): DecisionOutcome {
  const { attributes, settings, world } = input;
  const { budgetChoice, explicitModel } = attributes;
  const free = bestFirst(known.filter(({ card }) => isFree(card, attributes) && card.simulated !== true));
  const cheap = cheapestFirst(
    known.filter(
      ({ card }) =>
        !isFree(card, attributes) && affordabilityOf(card, attributes, settings, world).kind === "affordable",
    ),
  );
  const rule = budgetRule(input);
  // The setting `cheapest` is the only way to exceed the budget, and never applies to a model that the user picked.
  const fallback = budgetChoice ?? (explicitModel === undefined || rule === "stop" ? rule : "ask");
  if (fallback === "free" || fallback === "cheapest") {
    const cheapest =
      budgetChoice === undefined ? lowestWorstCaseFirst(overBudget, attributes, settings) : cheap;
    const [first, ...rest] = (fallback === "free" ? free : cheapest).map(({ step }) => step);
    if (first !== undefined) {
      return { kind: "chosen", chain: [first, ...rest], byBudget: fallback, insteadOf: wanted?.ref };
    }
  }
  const ref = wanted?.ref ?? overBudget[0]?.card.ref ?? explicitModel ?? "";
  const { limit, leftNanoUsd, reservedNanoUsd, budgetNanoUsd } = tightestLimit(
    ref,
    attributes,
    world.budget,
  ) ?? { limit: { kind: "day" }, leftNanoUsd: 0, budgetNanoUsd: 0 };
  return {
    kind: "blocked",
    reason: {
      kind: "over-budget",
      expectedNanoUsd: wanted?.expectedNanoUsd ?? 0,
      needed: neededBy(wanted, input),
      limit,
      leftNanoUsd,
      reservedNanoUsd,
      budgetNanoUsd,
      choices:
        fallback === "stop"
          ? choicesFrom({ wanted })
          : choicesFrom({ cheap: cheap[0], free: free[0], wanted }),
    },
  };
}

/** `switchyard.budget.whenExceeded`. `ask` is `stop` for requests to the server, where there is no user to ask. */
function budgetRule({ attributes, settings }: DecisionInput): Settings["budget"]["whenExceeded"] {
  const { whenExceeded } = settings.budget;
  return whenExceeded === "ask" && attributes.source === "endpoint" ? "stop" : whenExceeded;
}

/** Whether the user is asked before any other model answers in place of one that the budget does not cover. */
export function asksFirst(input: DecisionInput): boolean {
  return input.attributes.budgetChoice === undefined && budgetRule(input) === "ask";
}

function neededBy(
  pick: ChainStep | undefined,
  { attributes, settings, world }: DecisionInput,
): NeededBudget | undefined {
  const card = pick === undefined ? undefined : world.cards.get(pick.ref);
  if (card === undefined) return undefined;
  const nanoUsd = neededFor(card, attributes, settings, world.overrunFactors);
  return nanoUsd === undefined
    ? undefined
    : {
        nanoUsd,
        outputTokens: minOutputTokens(card, attributes, settings),
        overrunFactor: world.overrunFactors?.get(card.ref),
      };
}

type ChoiceModels = {
  readonly cheap?: EligibleModel | undefined;
  readonly free?: EligibleModel | undefined;
  readonly wanted: ChainStep | undefined;
};

function choicesFrom({ cheap, free, wanted }: ChoiceModels): readonly BudgetChoice[] {
  const choices: BudgetChoice[] = [];
  if (cheap !== undefined) {
    const { ref, expectedNanoUsd = 0 } = cheap.step;
    choices.push({ kind: "cheapest", ref, expectedNanoUsd });
  }
  if (free !== undefined) choices.push({ kind: "free", ref: free.step.ref, local: free.card.local });
  if (wanted !== undefined) choices.push({ kind: "raise", ref: wanted.ref });
  return choices;
}

/** Beyond the limit the budget's own figure decides, which is the worst case; the expected cost breaks ties. */
function lowestWorstCaseFirst(
  models: readonly EligibleModel[],
  attributes: Attributes,
  settings: OutputSettings,
): readonly EligibleModel[] {
  const worst = ({ card }: EligibleModel) =>
    maxCostOf(card, attributes, minOutputTokens(card, attributes, settings)) ?? Number.MAX_SAFE_INTEGER;
  return cheapestFirst(models).toSorted((a, b) => worst(a) - worst(b));
}

function cheapestFirst(models: readonly EligibleModel[]): readonly EligibleModel[] {
  const cost = ({ step }: EligibleModel) => step.expectedNanoUsd ?? Number.MAX_SAFE_INTEGER;
  return models.toSorted((a, b) => cost(a) - cost(b));
}

function bestFirst(models: readonly EligibleModel[]): readonly EligibleModel[] {
  return models.toSorted((a, b) => (b.step.quality ?? 0) - (a.step.quality ?? 0));
}
