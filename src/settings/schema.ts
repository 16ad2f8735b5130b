import type * as v from "valibot";
import type { ReadCorrection } from "./closed/models.ts";
import type { ReadProvider } from "./closed/providers.ts";
import type { ReadRoute } from "./closed/routes.ts";
import * as choice from "./declared/choice.ts";
import * as classification from "./declared/classification.ts";
import * as escalation from "./declared/escalation.ts";
import { user } from "./declared/experiments.ts";
import * as limits from "./declared/limits.ts";
import * as privacy from "./declared/privacy.ts";
import * as prompt from "./declared/prompts.ts";
import * as provider from "./declared/providers.ts";
import * as route from "./declared/routes.ts";
import * as verify from "./declared/verify.ts";
import type { Setting } from "./values.ts";

/** Every setting, nested as its name is, in the order of the settings editor. */
const DECLARATIONS = {
  providers: provider.providers,
  models: provider.models,
  routes: route.routes,
  complexity: {
    keywords: classification.complexityKeywords,
    length: classification.complexityLength,
    hold: classification.complexityHold,
  },
  semantic: { embedder: classification.semanticEmbedder },
  dial: choice.dial,
  derived: { tolerance: choice.derivedTolerance },
  secondUsd: choice.secondUsd,
  userTier: choice.tier,
  user,
  budget: {
    dailyUsd: limits.dailyUsd,
    monthlyUsd: limits.monthlyUsd,
    perConversationUsd: limits.perConversationUsd,
    perModelUsd: limits.perModelUsd,
    perProviderUsd: limits.perProviderUsd,
    whenExceeded: limits.whenExceeded,
    warnAt: limits.warnAt,
  },
  maxOutputTokens: limits.maxOutputTokens,
  timeouts: limits.timeouts,
  breaker: limits.breaker,
  escalate: escalation.escalate,
  escalation: { maxSteps: escalation.escalationMaxSteps },
  fallbackFromExplicitChoice: choice.fallbackFromExplicitChoice,
  privatePaths: privacy.privatePaths,
  verify: { command: verify.verifyCommand, timeoutMs: verify.verifyTimeoutMs },
  prompts: prompt.prompts,
  conversations: { keepDays: privacy.conversationsKeepDays },
  history: { keepDays: privacy.historyKeepDays, keepText: privacy.historyKeepText },
} as const satisfies Declarations;

type Declarations = { readonly [key: string]: Setting | Readonly<Record<string, Setting>> };

type Values = ValuesOf<typeof DECLARATIONS>;

/** The settings as the product uses them: complete, with shorthands expanded, and invalid parts read in the strict way. */
export type Settings = Omit<Values, "providers" | "models" | "routes"> & {
  readonly providers: Readonly<Record<string, ProviderSettings>>;
  readonly models: Readonly<Record<string, ModelCorrection>>;
  readonly routes: readonly Route[];
};

type ValuesOf<D> = {
  readonly [K in keyof D]: D[K] extends { readonly schema: infer S extends v.GenericSchema }
    ? DeepReadonly<v.InferOutput<S>>
    : ValuesOf<D[K]>;
};

export type Route = DeepReadonly<ReadRoute>;
export type When = DeepReadonly<route.When>;
/** One model of a route's chain, with its own timeout and user tiers. */
export type ChainEntry = DeepReadonly<route.ChainEntry>;
/** Greater than `above` and less than `below`; both are optional. */
export type Range = { readonly above?: number; readonly below?: number };
export type ProviderSettings = DeepReadonly<ReadProvider>;
export type ModelCorrection = DeepReadonly<ReadCorrection>;

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** Every setting by its full name, such as `switchyard.budget.dailyUsd`. */
export const SETTINGS: ReadonlyMap<string, Setting> = new Map(
  Object.entries<Setting | Readonly<Record<string, Setting>>>(DECLARATIONS).flatMap(([key, node]) =>
    isSetting(node)
      ? [[`switchyard.${key}`, node] as const]
      : Object.entries(node).map(([inner, setting]) => [`switchyard.${key}.${inner}`, setting] as const),
  ),
);

/** The full names of all settings. */
export const SETTING_NAMES: readonly string[] = [...SETTINGS.keys()];

/** The settings with these values. @param read returns the value of the setting with this name, read with its schema */
export function settingsFrom(read: (name: string) => unknown): Settings {
  const settings = Object.fromEntries(
    Object.entries<Setting | Readonly<Record<string, Setting>>>(DECLARATIONS).map(([key, node]) => [
      key,
      isSetting(node)
        ? read(`switchyard.${key}`)
        : Object.fromEntries(Object.keys(node).map((inner) => [inner, read(`switchyard.${key}.${inner}`)])),
    ]),
  );
  // The keys are those of DECLARATIONS, and each value is the output of its own schema, or of its reader in `closed/`.
  return settings as Settings;
}

function isSetting(node: Setting | Readonly<Record<string, Setting>>): node is Setting {
  return "schema" in node && "scope" in node;
}
