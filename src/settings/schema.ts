import type * as v from "valibot";
import * as budget from "./budgetSettings.ts";
import * as chat from "./chatSettings.ts";
import * as deciding from "./decidingSettings.ts";
import * as provider from "./providerSettings.ts";
import type { ModelCorrection as Correction, ProviderSettings as ProviderOf } from "./providersSchema.ts";
import * as reliability from "./reliabilitySettings.ts";
import type { ChainEntry as Entry, Route as RouteOf, When as WhenOf } from "./routesSchema.ts";

/** Every setting by its full name, in the order of the settings editor. */
export const SETTINGS = {
  "switchyard.providers": provider.providers,
  "switchyard.models": provider.models,
  "switchyard.routes": deciding.routes,
  "switchyard.complexity.keywords": deciding.complexityKeywords,
  "switchyard.complexity.length": deciding.complexityLength,
  "switchyard.semantic.embedder": deciding.semanticEmbedder,
  "switchyard.secondUsd": deciding.secondUsd,
  "switchyard.userTier": deciding.tier,
  "switchyard.user": deciding.user,
  "switchyard.budget.dailyUsd": budget.dailyUsd,
  "switchyard.budget.monthlyUsd": budget.monthlyUsd,
  "switchyard.budget.whenExceeded": budget.whenExceeded,
  "switchyard.budget.warnAt": budget.warnAt,
  "switchyard.maxOutputTokens": budget.maxOutputTokens,
  "switchyard.timeouts": reliability.timeouts,
  "switchyard.breaker": reliability.breaker,
  "switchyard.fallbackFromExplicitChoice": reliability.fallbackFromExplicitChoice,
  "switchyard.privatePaths": chat.privatePaths,
  "switchyard.conversations.keepDays": chat.conversationsKeepDays,
  "switchyard.history.keepDays": chat.historyKeepDays,
  "switchyard.history.keepText": chat.historyKeepText,
} as const;

export type SettingName = keyof typeof SETTINGS;

/** What a setting's value is once it is read. */
export type ValueOf<N extends SettingName> = DeepReadonly<v.InferOutput<(typeof SETTINGS)[N]["schema"]>>;

/** Every value by its setting's full name. */
export type Values = { readonly [N in SettingName]: ValueOf<N> };

/** The settings as the product uses them: whole and right, shorthands written out. */
export type Settings = {
  readonly providers: ValueOf<"switchyard.providers">;
  readonly models: ValueOf<"switchyard.models">;
  readonly routes: ValueOf<"switchyard.routes">;
  readonly complexity: {
    readonly keywords: ValueOf<"switchyard.complexity.keywords">;
    readonly length: ValueOf<"switchyard.complexity.length">;
  };
  readonly semantic: { readonly embedder: ValueOf<"switchyard.semantic.embedder"> };
  readonly secondUsd: ValueOf<"switchyard.secondUsd">;
  readonly userTier: ValueOf<"switchyard.userTier">;
  readonly user: ValueOf<"switchyard.user">;
  readonly budget: {
    readonly dailyUsd: ValueOf<"switchyard.budget.dailyUsd">;
    readonly monthlyUsd: ValueOf<"switchyard.budget.monthlyUsd">;
    readonly whenExceeded: ValueOf<"switchyard.budget.whenExceeded">;
    readonly warnAt: ValueOf<"switchyard.budget.warnAt">;
  };
  readonly maxOutputTokens: ValueOf<"switchyard.maxOutputTokens">;
  readonly timeouts: ValueOf<"switchyard.timeouts">;
  readonly breaker: ValueOf<"switchyard.breaker">;
  readonly fallbackFromExplicitChoice: ValueOf<"switchyard.fallbackFromExplicitChoice">;
  readonly privatePaths: ValueOf<"switchyard.privatePaths">;
  readonly conversations: { readonly keepDays: ValueOf<"switchyard.conversations.keepDays"> };
  readonly history: {
    readonly keepDays: ValueOf<"switchyard.history.keepDays">;
    readonly keepText: ValueOf<"switchyard.history.keepText">;
  };
};

export type Route = DeepReadonly<RouteOf>;
export type When = DeepReadonly<WhenOf>;
/** A model of a route's chain, with what holds for this step alone. */
export type ChainEntry = DeepReadonly<Entry>;
/** More than `above`, less than `below`; either may be left out. */
export type Range = { readonly above?: number; readonly below?: number };
export type ProviderSettings = DeepReadonly<ProviderOf>;
export type ModelCorrection = DeepReadonly<Correction>;

type DeepReadonly<T> = T extends (infer Item)[]
  ? readonly DeepReadonly<Item>[]
  : T extends object
    ? { readonly [K in keyof T]: DeepReadonly<T[K]> }
    : T;

/** The settings out of their values. */
export function assemble(values: Values): Settings {
  return {
    providers: values["switchyard.providers"],
    models: values["switchyard.models"],
    routes: values["switchyard.routes"],
    complexity: {
      keywords: values["switchyard.complexity.keywords"],
      length: values["switchyard.complexity.length"],
    },
    semantic: { embedder: values["switchyard.semantic.embedder"] },
    secondUsd: values["switchyard.secondUsd"],
    userTier: values["switchyard.userTier"],
    user: values["switchyard.user"],
    budget: {
      dailyUsd: values["switchyard.budget.dailyUsd"],
      monthlyUsd: values["switchyard.budget.monthlyUsd"],
      whenExceeded: values["switchyard.budget.whenExceeded"],
      warnAt: values["switchyard.budget.warnAt"],
    },
    maxOutputTokens: values["switchyard.maxOutputTokens"],
    timeouts: values["switchyard.timeouts"],
    breaker: values["switchyard.breaker"],
    fallbackFromExplicitChoice: values["switchyard.fallbackFromExplicitChoice"],
    privatePaths: values["switchyard.privatePaths"],
    conversations: { keepDays: values["switchyard.conversations.keepDays"] },
    history: {
      keepDays: values["switchyard.history.keepDays"],
      keepText: values["switchyard.history.keepText"],
    },
  };
}
