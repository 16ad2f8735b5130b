import type { Attributes } from "../contract/decision.ts";
import type { Features, RouteSimilarity } from "../contract/features.ts";
import type { Range, Route, When } from "../settings/schema.ts";
import { matchesAny } from "./glob.ts";
import { fold } from "./keywords.ts";
import { mostSimilar } from "./similarity.ts";

/** The route that applies, and its similarity where its examples decided. */
export type Match = { readonly route: Route; readonly index: number; readonly similarity?: RouteSimilarity };

/**
 * The first route, in the settings' order, that applies to a request; undefined where none does. Of the routes with
 * examples whose `when` holds, or is absent, only the most similar one can apply, and only at or above its threshold.
 */
export function firstMatch(
  routes: readonly Route[],
  attributes: Attributes,
  features: Features,
): Match | undefined {
  const open = routes.map(({ when }) => when === undefined || holds(when, attributes, features));
  const similar = mostSimilar(features.similarities?.routes ?? [], ({ index }) => open[index] === true);
  for (const [index, route] of routes.entries()) {
    if (open[index] !== true) continue;
    if (route.examples === undefined) return { route, index };
    if (similar?.index === index) return { route, index, similarity: similar };
  }
  return undefined;
}

function holds(when: When, attributes: Attributes, features: Features): boolean {
  const { complexity, commands, languages, paths, contextTokens, needs, userTier, keywords } = when;
  return (
    (complexity === undefined || isComplexity(complexity, features)) &&
    (commands === undefined || includes(commands, attributes.command)) &&
    (languages === undefined || includes(languages, attributes.language)) &&
    (paths === undefined || attributes.paths.some((path) => matchesAny(paths, path))) &&
    (contextTokens === undefined || within(contextTokens, features.contextTokens)) &&
    (needs === undefined || needs.every((need) => attributes.needs.includes(need))) &&
    (userTier === undefined || userTier.includes(attributes.userTier)) &&
    (keywords === undefined || keywords.some((keyword) => features.keywords.includes(fold(keyword))))
  );
}

function isComplexity(wanted: NonNullable<When["complexity"]>, { complexity }: Features): boolean {
  return "includes" in wanted ? wanted.includes(complexity.level) : within(wanted, complexity.score);
}

function includes(list: readonly string[], value: string | undefined): boolean {
  return value !== undefined && list.includes(value);
}

function within({ above, below }: Range, value: number): boolean {
  return (above === undefined || value > above) && (below === undefined || value < below);
}
