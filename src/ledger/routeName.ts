import type { RouteMatch } from "../contract/decision.ts";

/** The name that a route is remembered by, in sums and medians. */
export function routeName(route: RouteMatch): string {
  switch (route.kind) {
    case "explicit":
      return "explicit";
    case "settings":
      return route.name;
    case "derived":
      return `derived:${route.level}`;
  }
}
