import type { Attributes, PickMethod, RouteMatch } from "../contract/decision.ts";
import type { ComplexityLevel, Features } from "../contract/features.ts";
import type { ModelRef } from "../contract/model.ts";
import type { ChainEntry, Settings } from "../settings/schema.ts";
import type { Experiment } from "./experiment.ts";
import { firstMatch, type Match } from "./match.ts";
import type { World } from "./world.ts";

/**
 * What a route says: whom to ask, how to pick among them, and what it asks of them. What the matching route asks holds
 * for everybody but a model that the user picked.
 */
export type Plan = {
  readonly route: RouteMatch;
  readonly entries: readonly ChainEntry[];
  readonly pick: PickMethod;
  readonly minQuality?: number;
  readonly localOnly: boolean;
  /** The derived routes prefer a quality; others may still stand behind. */
  readonly preferQuality?: number;
  readonly experiment?: Experiment;
  /** The model before it, which a follow-up keeps. */
  readonly inherits?: ModelRef;
};

/** The qualities that the derived routes go by: SWE-bench Verified solved, see `models/data/quality.json`. */
const DERIVED: Readonly<Record<ComplexityLevel, Pick<Plan, "pick" | "preferQuality">>> = {
  high: { pick: "best-quality" },
  medium: { pick: "cheapest", preferQuality: 0.7 },
  low: { pick: "cheapest", preferQuality: 0.5 },
};

/**
 * The plan of the decision before, where a prompt says nothing that it could be routed by: no command, no other
 * language, no new code, and no model picked now or then. Undefined where the prompt is one of its own, or the route is
 * no longer there.
 */
export function inheritedPlan(
  attributes: Attributes,
  features: Features,
  settings: Settings,
  world: World,
): Plan | undefined {
  const { command, language, attachedNew, explicitModel, explicitRoute } = attributes;
  const last = world.conversation;
  if (last === undefined || explicitModel !== undefined || explicitRoute !== undefined) return undefined;
  if (attributes.budgetChoice !== undefined) return undefined;
  if (!features.followUp || command !== undefined || attachedNew) return undefined;
  if (language !== undefined && language !== last.language) return undefined;
  const plan = planAgain(last.route, attributes, settings, world);
  return plan === undefined ? undefined : { ...plan, inherits: last.ref };
}

function planAgain(
  route: RouteMatch,
  attributes: Attributes,
  settings: Settings,
  world: World,
): Plan | undefined {
  switch (route.kind) {
    case "explicit":
      return undefined;
    case "derived":
      return derivedPlan(route.level, attributes, world);
    case "settings": {
      const index = settings.routes.findIndex(({ name }) => name === route.name);
      const found = settings.routes[index];
      return found === undefined ? undefined : planOf({ route: found, index });
    }
  }
}

/** The explicit choice, else the route asked for, else the first matching route, else the derived one of the prompt's complexity. */
export function planFor(attributes: Attributes, features: Features, settings: Settings, world: World): Plan {
  const routed = routedPlan(attributes, features, settings, world);
  const { explicitModel } = attributes;
  if (explicitModel === undefined) return routed;
  const behind = settings.fallbackFromExplicitChoice
    ? routed.entries.filter(({ model }) => model !== explicitModel)
    : [];
  const { localOnly, minQuality } = routed;
  return {
    route: { kind: "explicit" },
    entries: [{ model: explicitModel }, ...behind],
    pick: "explicit",
    localOnly,
    ...(minQuality === undefined ? {} : { minQuality }),
  };
}

function routedPlan(attributes: Attributes, features: Features, settings: Settings, world: World): Plan {
  const match = askedMatch(attributes, settings) ?? firstMatch(settings.routes, attributes, features);
  return match === undefined ? derivedPlan(features.complexity.level, attributes, world) : planOf(match);
}

/** The route that was asked for by its name; undefined where none was, or there is none of that name. */
function askedMatch({ explicitRoute }: Attributes, { routes }: Settings): Match | undefined {
  const index = explicitRoute === undefined ? -1 : routes.findIndex(({ name }) => name === explicitRoute);
  const route = routes[index];
  return route === undefined ? undefined : { route, index };
}

function planOf({ route, index, similarity }: Match): Plan {
  return {
    route: { kind: "settings", name: route.name, index, ...(similarity === undefined ? {} : { similarity }) },
    entries: route.models,
    pick: route.pick,
    localOnly: route.localOnly,
    ...(route.experiment === undefined ? {} : { experiment: route.experiment }),
    ...(route.minQuality === undefined ? {} : { minQuality: route.minQuality }),
  };
}

/** Private content needs local models, also where others have a key. */
function derivedPlan(level: ComplexityLevel, { isPrivate }: Attributes, world: World): Plan {
  const entries = (isPrivate ? world.localModels : world.pool).map((model) => ({ model }));
  return { route: { kind: "derived", level }, entries, localOnly: false, ...DERIVED[level] };
}
