import { matchesAny } from "../../base/paths/glob.ts";
import type { Attributes, Dial, Escalation, PickMethod, RouteMatch } from "../../contract/decision.ts";
import type { ComplexityLevel, Features, RouteSimilarity } from "../../contract/features.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { ChainEntry, Range, Route, Settings, When } from "../../settings/schema.ts";
import { foldKeyword } from "../classify/keywords.ts";
import type { Experiment } from "../experiments/assignment.ts";
import type { DecisionInput, World } from "./world.ts";

/**
 * What the matching route demands: its models, how to pick among them, and the requirements that they must meet. A model
 * that the user picked is exempt from the requirements.
 */
export type Plan = {
  readonly route: RouteMatch;
  readonly entries: readonly ChainEntry[];
  readonly pick: PickMethod;
  readonly minQuality?: number | undefined;
  readonly localOnly: boolean;
  /** The route's reasoning effort, for models that can reason. */
  readonly effort?: Route["effort"] | undefined;
  /** Why the route sends nothing: its settings cannot be read. */
  readonly unreadable?: string | undefined;
  /**
   * A preference of the derived routes: models below this quality, less `switchyard.derived.tolerance`, come later in the
   * chain. `best`: the highest quality among the models that may be used.
   */
  readonly preferQuality?: number | "best" | undefined;
  readonly experiment?: Experiment | undefined;
  /** The model that tries next after an answer that was not good enough. */
  readonly escalatesTo?: ModelRef | undefined;
  /** The model of the previous answer, which a follow-up keeps. */
  readonly inherits?: ModelRef | undefined;
};

type DerivedPick = Pick<Plan, "pick" | "preferQuality">;

const NEAR_BEST: DerivedPick = { pick: "best-quality", preferQuality: "best" };

function cheapestOf(preferQuality: number): DerivedPick {
  return { pick: "cheapest", preferQuality };
}

/**
 * The picks of the derived routes, by `switchyard.dial`. Quality is the share of SWE-bench Verified solved: `models/data/quality.json`. Of its
 * 500 issues, a share of 0.7 has a standard error of 0.02, which is the default tolerance.
 */
const DERIVED: Readonly<Record<Dial, Readonly<Record<ComplexityLevel, DerivedPick>>>> = {
  cheap: { high: cheapestOf(0.7), medium: cheapestOf(0.5), low: cheapestOf(0.3) },
  balanced: { high: NEAR_BEST, medium: cheapestOf(0.7), low: cheapestOf(0.5) },
  best: { high: NEAR_BEST, medium: NEAR_BEST, low: NEAR_BEST },
};

/**
 * The plan of the previous decision, for a prompt that contains nothing to route by: no command, no other language, no
 * new code, and no model or route picked by the user; and for the result of a tool. Undefined for any other prompt, and if
 * the route no longer exists or the user has turned the dial.
 */
export function inheritedPlan({ attributes, features, settings, world }: DecisionInput): Plan | undefined {
  const { command, language, attachedNew, explicitModel, explicitRoute, budgetChoice } = attributes;
  const previous = world.conversation;
  if (previous === undefined || explicitModel !== undefined || budgetChoice !== undefined) return undefined;
  if (attributes.escalation !== undefined) return undefined;
  if (features.toolLoop !== true) {
    if (!features.followUp || attachedNew || command !== undefined) return undefined;
    if (explicitRoute !== undefined) return undefined;
    if (language !== undefined && language !== previous.language) return undefined;
    if (previous.route.kind === "derived" && dialOf(previous.route) !== settings.dial) return undefined;
  }
  const plan = planOfRoute(previous.route, attributes, settings, world);
  return plan === undefined ? undefined : { ...plan, inherits: previous.ref };
}

/** The plan of a route that was decided for before; undefined if it no longer exists, or the user picked the model. */
export function planOfRoute(
  route: RouteMatch,
  attributes: Attributes,
  settings: Settings,
  world: World,
): Plan | undefined {
  switch (route.kind) {
    case "explicit":
      return undefined;
    case "derived":
      return derivedPlan(route.level, attributes, settings, world);
    case "settings": {
      const match = routeNamed(route.name, settings.routes);
      return match === undefined ? undefined : planOf(match);
    }
  }
}

/**
 * The plan for a prompt: the model that the user picked, else the route asked for by name, else the first matching route,
 * else the derived route of the prompt's complexity.
 */
export function planFor(input: DecisionInput): Plan {
  const routed = routedPlan(input);
  const { explicitModel, escalation } = input.attributes;
  if (explicitModel === undefined) return escalation === undefined ? routed : escalated(routed, escalation);
  const hasFallbacks = input.settings.fallbackFromExplicitChoice && routed.unreadable === undefined;
  const fallbacks = hasFallbacks ? routed.entries.filter(({ model }) => model !== explicitModel) : [];
  return {
    route: { kind: "explicit" },
    entries: [{ model: explicitModel }, ...fallbacks],
    pick: "explicit",
    localOnly: routed.localOnly,
    minQuality: routed.minQuality,
  };
}

function routedPlan({ attributes, features, settings, world }: DecisionInput): Plan {
  const { explicitRoute } = attributes;
  const named = explicitRoute === undefined ? undefined : routeNamed(explicitRoute, settings.routes);
  const match = named ?? firstMatch(settings.routes, attributes, features);
  return match === undefined
    ? derivedPlan(features.complexity.level, attributes, settings, world)
    : planOf(match);
}

function routeNamed(wanted: string, routes: readonly Route[]): Match | undefined {
  const index = routes.findIndex(({ name }) => name === wanted);
  const route = routes[index];
  return route === undefined ? undefined : { route, index };
}

function planOf({ route, index, similarity }: Match): Plan {
  return {
    route: { kind: "settings", name: route.name, index, similarity },
    entries: route.models,
    pick: route.pick,
    localOnly: route.localOnly,
    minQuality: route.minQuality,
    effort: route.effort,
    experiment: route.experiment,
    unreadable: route.unreadable,
  };
}

function escalated(plan: Plan, { to: { ref } }: Escalation): Plan {
  const others = plan.entries.filter(({ model }) => model !== ref);
  const entry = plan.entries.find(({ model }) => model === ref) ?? { model: ref };
  return { ...plan, entries: [entry, ...others], escalatesTo: ref, experiment: undefined };
}

/** Private content uses the local models, even if hosted ones have a key. */
export function derivedPlan(
  level: ComplexityLevel,
  { isPrivate }: Attributes,
  { dial }: Settings,
  world: World,
): Plan {
  const entries = (isPrivate ? world.localModels : world.pool).map((model) => ({ model }));
  const route: RouteMatch =
    dial === "balanced" ? { kind: "derived", level } : { kind: "derived", level, dial };
  return { route, entries, localOnly: false, ...DERIVED[dial][level] };
}

function dialOf({ dial }: Extract<RouteMatch, { kind: "derived" }>): Dial {
  return dial ?? "balanced";
}

/** The route that applies, and its similarity if its examples decided. */
type Match = {
  readonly route: Route;
  readonly index: number;
  readonly similarity?: RouteSimilarity | undefined;
};

/**
 * The first route, in the order of the settings, that applies to a request. Among routes with examples whose `when`
 * holds or is absent, only the most similar one can apply, and only at or above its threshold.
 */
function firstMatch(routes: readonly Route[], attributes: Attributes, features: Features): Match | undefined {
  const holds = routes.map(({ when }) => when === undefined || conditionsHold(when, attributes, features));
  const similar = mostSimilar(features.similarities?.routes ?? [], ({ index }) => holds[index] === true);
  for (const [index, route] of routes.entries()) {
    if (holds[index] !== true) continue;
    if (route.examples === undefined) return { route, index };
    if (similar?.index === index) return { route, index, similarity: similar };
  }
  return undefined;
}

/**
 * The most similar of the eligible routes if its score reaches its threshold, else undefined, even if a less similar one
 * has a lower threshold. Ties go to the first route in the order of the settings.
 */
function mostSimilar(
  similarities: readonly RouteSimilarity[],
  isEligible: (similarity: RouteSimilarity) => boolean,
): RouteSimilarity | undefined {
  let best: RouteSimilarity | undefined;
  for (const similarity of similarities) {
    if (isEligible(similarity) && (best === undefined || similarity.score > best.score)) best = similarity;
  }
  return best !== undefined && best.score >= best.threshold ? best : undefined;
}

function conditionsHold(when: When, attributes: Attributes, features: Features): boolean {
  const { complexity, commands, languages, paths, contextTokens, needs, userTier, keywords } = when;
  return (
    (complexity === undefined || isComplexity(complexity, features)) &&
    (commands === undefined || includes(commands, attributes.command)) &&
    (languages === undefined || includes(languages, attributes.language)) &&
    (paths === undefined || attributes.paths.some((path) => matchesAny(paths, path))) &&
    (contextTokens === undefined || isWithin(contextTokens, features.contextTokens)) &&
    (needs === undefined || needs.every((need) => attributes.needs.includes(need))) &&
    (userTier === undefined || userTier.includes(attributes.userTier)) &&
    (keywords === undefined || keywords.some((keyword) => features.keywords.includes(foldKeyword(keyword))))
  );
}

function isComplexity(wanted: NonNullable<When["complexity"]>, { complexity }: Features): boolean {
  return "includes" in wanted ? wanted.includes(complexity.level) : isWithin(wanted, complexity.score);
}

function includes(list: readonly string[], value: string | undefined): boolean {
  return value !== undefined && list.includes(value);
}

function isWithin({ above, below }: Range, value: number): boolean {
  return (above === undefined || value > above) && (below === undefined || value < below);
}
