import { placeOf, type SettingProblem } from "./problem.ts";
import type { Route } from "./schema.ts";

const SETTING = "switchyard.routes";

/**
 * What is hardly meant so in routes that are right each by itself: names given twice, routes that are never reached.
 * @param positions where each route stands in what was written
 */
export function routeProblems(
  routes: readonly Route[],
  positions: readonly number[],
): readonly SettingProblem[] {
  const problems: SettingProblem[] = [];
  const names = new Map<string, number>();
  const at = (index: number) => positions[index] ?? index;
  const all = routes.findIndex(({ when, examples }) => isAlways(when) && examples === undefined);
  routes.forEach((route, index) => {
    const before = names.get(route.name);
    if (before === undefined) names.set(route.name, index);
    else {
      problems.push(
        warning(
          [at(index), "name"],
          `${JSON.stringify(route.name)} is the name of ${placeOf(SETTING, [at(before)])} too: what they cost and did cannot be told apart.`,
          "Give it a name of its own.",
        ),
      );
    }
    if (all >= 0 && index > all) {
      problems.push(
        warning(
          [at(index)],
          `This route is never reached: ${placeOf(SETTING, [at(all)])} matches everything.`,
          "Put it before that one.",
        ),
      );
    }
  });
  return problems;
}

function isAlways(when: Route["when"]): boolean {
  return when === undefined || Object.keys(when).length === 0;
}

function warning(path: readonly (string | number)[], message: string, repair: string): SettingProblem {
  return { place: placeOf(SETTING, path), setting: SETTING, message, repair, severity: "warning" };
}
