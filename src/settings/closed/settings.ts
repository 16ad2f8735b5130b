import {
  dailyUsd,
  maxOutputTokens,
  monthlyUsd,
  perConversationUsd,
  perModelUsd,
  perProviderUsd,
  whenExceeded,
} from "../declared/limits.ts";
import { conversationsKeepDays, historyKeepDays } from "../declared/privacy.ts";
import type { Settings } from "../schema.ts";
import { modelRef, providerId, type Setting } from "../values.ts";
import { readLimit, readLimits, stricterLimit, stricterLimits } from "./limits.ts";
import { readModels } from "./models.ts";
import { readPrivatePaths } from "./privatePaths.ts";
import { readProviders, withStrayProviders } from "./providers.ts";
import { type ClosedRead, findingsOf } from "./reading.ts";
import { blockingRoute, readRoutes } from "./routes.ts";

/** How a setting is read so that a mistake never makes it more permissive. */
export type ClosedReader = {
  /** Reads an invalid value. */
  readonly read: (raw: unknown) => ClosedRead<unknown>;
  /**
   * Restricts the settings by a value that was probably meant for this one, under a name that does not exist.
   * @param stray undefined if nothing of it can be read
   * @param reason what is wrong, and how to repair it
   */
  readonly restrict: (settings: Settings, stray: unknown, reason: string) => Settings;
};

/** The settings that decide where prompts and keys go, what may be spent, and how long texts are kept. */
export const CLOSED: ReadonlyMap<string, ClosedReader> = new Map<string, ClosedReader>([
  [
    "switchyard.providers",
    {
      read: readProviders,
      restrict: (settings, stray, reason) => ({
        ...settings,
        providers: withStrayProviders(settings.providers, stray, reason),
      }),
    },
  ],
  ["switchyard.models", { read: readModels, restrict: (settings) => settings }],
  [
    "switchyard.routes",
    {
      read: readRoutes,
      // Routes under the right name apply as they are, unless there may have been more of them.
      restrict: (settings, stray, reason) => ({
        ...settings,
        routes:
          stray === undefined || settings.routes.length === 0
            ? [...settings.routes, blockingRoute(reason)]
            : settings.routes,
      }),
    },
  ],
  [
    "switchyard.privatePaths",
    {
      read: readPrivatePaths,
      restrict: (settings, stray) => ({
        ...settings,
        privatePaths: [...settings.privatePaths, ...readPrivatePaths(stray).value],
      }),
    },
  ],
  [
    "switchyard.budget.whenExceeded",
    {
      read: (raw) => ({
        value: "stop",
        findings: findingsOf(whenExceeded.schema, raw, [], () => 'The value "stop" applies.'),
      }),
      restrict: (settings) => ({ ...settings, budget: { ...settings.budget, whenExceeded: "stop" } }),
    },
  ],
  limit("switchyard.budget.dailyUsd", dailyUsd, (settings, stricter) => {
    const { budget } = settings;
    return { ...settings, budget: { ...budget, dailyUsd: stricter(budget.dailyUsd) } };
  }),
  limit("switchyard.budget.monthlyUsd", monthlyUsd, (settings, stricter) => {
    const { budget } = settings;
    return { ...settings, budget: { ...budget, monthlyUsd: stricter(budget.monthlyUsd) } };
  }),
  limit("switchyard.budget.perConversationUsd", perConversationUsd, (settings, stricter) => {
    const { budget } = settings;
    return { ...settings, budget: { ...budget, perConversationUsd: stricter(budget.perConversationUsd) } };
  }),
  [
    "switchyard.budget.perModelUsd",
    {
      read: (raw) => readLimits(perModelUsd.schema, modelRef, raw),
      restrict: (settings, stray) => {
        const { budget } = settings;
        const { value } = readLimits(perModelUsd.schema, modelRef, stray);
        return { ...settings, budget: { ...budget, perModelUsd: stricterLimits(budget.perModelUsd, value) } };
      },
    },
  ],
  [
    "switchyard.budget.perProviderUsd",
    {
      read: (raw) => readLimits(perProviderUsd.schema, providerId, raw),
      restrict: (settings, stray) => {
        const { budget } = settings;
        const { value } = readLimits(perProviderUsd.schema, providerId, stray);
        const stricter = stricterLimits(budget.perProviderUsd, value);
        return { ...settings, budget: { ...budget, perProviderUsd: stricter } };
      },
    },
  ],
  limit("switchyard.maxOutputTokens", maxOutputTokens, (settings, stricter) => ({
    ...settings,
    maxOutputTokens: stricter(settings.maxOutputTokens),
  })),
  limit("switchyard.conversations.keepDays", conversationsKeepDays, (settings, stricter) => {
    const { conversations } = settings;
    return { ...settings, conversations: { keepDays: stricter(conversations.keepDays) } };
  }),
  limit("switchyard.history.keepDays", historyKeepDays, (settings, stricter) => {
    const { history } = settings;
    return { ...settings, history: { ...history, keepDays: stricter(history.keepDays) } };
  }),
]);

/** @param change changes the setting's value to the stricter one */
function limit(
  name: string,
  { schema, default: initial }: Setting,
  change: (settings: Settings, stricter: <N extends number | null>(value: N) => number | N) => Settings,
): [string, ClosedReader] {
  return [
    name,
    {
      read: (raw) => readLimit(schema, raw, typeof initial === "number" ? initial : null),
      restrict: (settings, stray) => change(settings, (value) => stricterLimit(schema, value, stray)),
    },
  ];
}
