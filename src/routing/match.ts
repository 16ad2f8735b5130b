import type { Attributes } from "../contract/decision.ts";
import type { Features } from "../contract/features.ts";
import type { Range, Route, When } from "../settings/schema.ts";
import { matchesAny } from "./glob.ts";
import { fold } from "./keywords.ts";

/** The first route, in the settings' order, that applies to a request; undefined where none does. */
export function firstMatch(
  routes: readonly Route[],
  attributes: Attributes,
  features: Features,
): { readonly route: Route; readonly index: number } | undefined {
  const index = routes.findIndex((route) => applies(route, attributes, features));
  const route = routes[index];
  return route === undefined ? undefined : { route, index };
}

/** Every condition that is set must hold. A route that goes by examples alone needs their similarity, and is passed by. */
function applies(route: Route, attributes: Attributes, features: Features): boolean {
  if (route.examples !== undefined) return false;
  return route.when === undefined || holds(route.when, attributes, features);
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
