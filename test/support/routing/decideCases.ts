import fc from "fast-check";
import type { BudgetScope } from "../../../src/contract/budget.ts";
import type { Attributes } from "../../../src/contract/decision.ts";
import type { Features } from "../../../src/contract/features.ts";
import type { BreakerState, Pause, SubjectHealth } from "../../../src/contract/health.ts";
import type { Capability, ModelCard, ModelRef } from "../../../src/contract/model.ts";
import type { PreviousAnswer, World } from "../../../src/routing/decide/world.ts";
import { readSettings } from "../../../src/settings/read.ts";
import type { Settings } from "../../../src/settings/schema.ts";
import { card } from "./worlds.ts";

/** An input of `decide`, for property tests. */
export type Case = {
  readonly attributes: Attributes;
  readonly features: Features;
  readonly settings: Settings;
  readonly world: World;
};

const PROVIDERS = ["openai", "anthropic", "ollama"] as const;
export const REFS: readonly ModelRef[] = PROVIDERS.flatMap((id) => [1, 2, 3].map((n) => `${id}/m${n}`));
const NAMES = ["A", "B", "C", "D"] as const;
const NOW_MS = 1_000_000_000;

const ref = fc.constantFrom(...REFS);
const level = fc.constantFrom("low" as const, "medium" as const, "high" as const);
const tier = fc.constantFrom("free" as const, "standard" as const, "premium" as const);
const share = fc.integer({ min: 0, max: 10 }).map((tenths) => tenths / 10);
const price = fc.integer({ min: 0, max: 100 }).map((quarters) => quarters / 4);
const tokens = fc.oneof(fc.integer({ min: 0, max: 3000 }), fc.integer({ min: 0, max: 300_000 }));
/** From too little for any model to enough for all of them, in steps, so that amounts coincide. */
const left = fc
  .tuple(fc.nat(100), fc.constantFrom(1e4, 1e6, 1e8))
  .map(([steps, stepNanoUsd]) => steps * stepNanoUsd);
export const budget = left.map((leftNanoUsd) => ({
  leftNanoUsd,
  budgetNanoUsd: 1e12,
  limit: { kind: "day" } as const,
}));

const scope = fc.oneof(
  fc.constantFrom<BudgetScope>({ kind: "month" }, { kind: "conversation", id: "c" }),
  ref.map((each): BudgetScope => ({ kind: "model", ref: each })),
  fc.constantFrom(...PROVIDERS).map((id): BudgetScope => ({ kind: "provider", id })),
);

/** A day's limit, or none, and some of the others. */
const budgets = fc
  .tuple(fc.option(budget, { nil: undefined }), fc.array(fc.tuple(scope, budget), { maxLength: 2 }))
  .map(([day, others]) => [
    ...(day === undefined ? [] : [day]),
    ...others.map(([limit, state]) => ({ ...state, limit })),
  ]);

/** Any of the properties may be absent. */
function some<T extends object>(fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return fc.record<T, never>(fields, { requiredKeys: [] });
}

const when = some({
  complexity: fc.uniqueArray(level, { minLength: 1 }),
  commands: fc.constant(["fix"]),
  paths: fc.constant(["**/*.ts"]),
  contextTokens: fc.constant({ above: 1000 }),
  keywords: fc.constant(["word"]),
});

const experiment = fc
  .tuple(fc.nat(8), fc.integer({ min: 1, max: 8 }), share)
  .map(([control, apart, treatmentShare]) => ({
    name: "trial",
    control: REFS[control],
    treatment: REFS[(control + apart) % REFS.length],
    treatmentShare,
    metric: "thumbs",
  }));

const route = fc
  .tuple(
    fc.array(fc.oneof(ref, fc.record({ model: ref, userTier: fc.uniqueArray(tier, { minLength: 1 }) })), {
      minLength: 1,
      maxLength: 6,
    }),
    some({
      when,
      pick: fc.constantFrom("first", "cheapest", "fastest", "balanced", "cascade"),
      minQuality: share,
      localOnly: fc.boolean(),
      examples: fc.constant(["Write a poem"]),
    }),
    fc.option(experiment, { nil: undefined, freq: 4 }),
  )
  .map(([models, rest, trial]) =>
    trial === undefined
      ? { ...rest, models }
      : { ...rest, experiment: trial, models: [...models, trial.control, trial.treatment] },
  );

const settings = fc
  .tuple(
    fc.array(route, { maxLength: NAMES.length }),
    fc.constantFrom("free", "cheapest", "ask", "stop"),
    fc.boolean(),
    fc.constantFrom(0, 0.001, 1),
    fc.constantFrom("cheap", "balanced", "best"),
  )
  .map(
    ([routes, whenExceeded, fallback, secondUsd, dial]) =>
      readSettings({
        "switchyard.routes": routes.map((anyRoute, index) => ({ ...anyRoute, name: NAMES[index] })),
        "switchyard.budget.whenExceeded": whenExceeded,
        "switchyard.fallbackFromExplicitChoice": fallback,
        "switchyard.secondUsd": secondUsd,
        "switchyard.dial": dial,
      }).settings,
  );

const anyCard = fc
  .tuple(
    ref,
    some({
      inputUsdPerMTok: price,
      outputUsdPerMTok: price,
      cacheReadUsdPerMTok: price,
      cacheWriteUsdPerMTok: price,
      quality: share.map((value) => ({ value, basis: "estimate" as const })),
      maxInputTokens: tokens,
      tiers: fc.array(fc.record({ aboveInputTokens: tokens, inputUsdPerMTok: price }), { maxLength: 2 }),
      api: fc.constantFrom("chat" as const, "chat" as const, "chat" as const, "responses" as const),
      capabilities: fc.constantFrom<Capability[]>([], ["tools"], ["tools", "vision"]),
      local: fc.boolean(),
    }),
    fc.boolean(),
  )
  .map(([modelRef, known, isPriced]): ModelCard => {
    const { inputUsdPerMTok, outputUsdPerMTok, quality, maxInputTokens, ...rest } = card(modelRef);
    return { ...rest, ...(isPriced ? { inputUsdPerMTok, outputUsdPerMTok } : {}), ...known } as ModelCard;
  });

const breaker: fc.Arbitrary<BreakerState> = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: "closed" as const, failures: 0 }) },
  fc.constant({ kind: "open" as const, failures: 3, openedAtMs: NOW_MS - 1000, openMs: 10_000 }),
  fc.constant({ kind: "open" as const, failures: 3, openedAtMs: NOW_MS - 60_000, openMs: 10_000 }),
);

const pause: fc.Arbitrary<Pause> = fc.oneof(
  fc.constant({ kind: "until" as const, reason: "rate-limit" as const, untilMs: NOW_MS + 1000 }),
  fc.constant({ kind: "until" as const, reason: "quota" as const, untilMs: NOW_MS - 1000 }),
  fc.constant({ kind: "unchanged" as const, reason: "auth" as const, fingerprint: "x" }),
);

const subject = fc
  .tuple(
    breaker,
    fc.constantFrom(false, false, false, true),
    some({
      pause,
      latency: fc.record({
        firstTokenMs: fc.nat(10_000),
        tokensPerSecond: fc.nat(200),
      }),
    }),
  )
  .map(([state, switchedOff, rest]): SubjectHealth => ({ ...rest, breaker: state, switchedOff }));

const previous: fc.Arbitrary<PreviousAnswer> = fc.record({
  ref,
  atMs: fc.constantFrom(NOW_MS - 1000, NOW_MS - 600_000),
  inputTokens: tokens,
  outputTokens: tokens,
  route: fc.oneof(
    fc.constantFrom(...NAMES).map((name) => ({ kind: "settings" as const, name, index: 0 })),
    level.map((anyLevel) => ({ kind: "derived" as const, level: anyLevel })),
  ),
});

const checkRecord = fc
  .tuple(fc.constantFrom(...NAMES), fc.constantFrom("", "go"), fc.nat(20), share)
  .map(([name, language, wrong, rejected]) => ({
    ...{ route: name, language, wrong, rejectedWrong: Math.round(wrong * rejected) },
    ...{ right: 0, passedRight: 0 },
  }));

const world = fc
  .tuple(
    fc.tuple(...REFS.map(() => anyCard)),
    fc.tuple(...PROVIDERS.map(() => fc.constantFrom(true, true, true, false))),
    fc.array(fc.tuple(fc.constantFrom<string>(...REFS, ...PROVIDERS), subject), { maxLength: 6 }),
    fc.uniqueArray(ref),
    some({
      budget: budgets,
      conversation: previous,
      checks: fc.array(checkRecord, { maxLength: 2 }),
    }),
  )
  .map(([cards, usable, health, pool, rest]): World => {
    const known = new Map(REFS.map((id, at) => [id, { ...card(id), ...cards[at], ref: id }]));
    return {
      nowMs: NOW_MS,
      cards: known,
      providers: new Map(
        PROVIDERS.map((id, at) => [id, { name: id, usable: usable[at] === true, local: id === "ollama" }]),
      ),
      pool,
      localModels: REFS.filter((id) => known.get(id)?.local === true),
      health: new Map(health),
      answers: [],
      ...rest,
    };
  });

const attributes = fc
  .tuple(
    fc.record({
      requestId: fc.string(),
      paths: fc.constantFrom([], ["a.ts"], ["a.py"]),
      needs: fc.constantFrom([], [], ["tools" as const]),
      userTier: tier,
      user: fc.string(),
      isPrivate: fc.constantFrom(false, false, true),
      attachedNew: fc.boolean(),
      inputBoundTokens: tokens,
      images: fc.constantFrom(0, 0, 0, 1),
    }),
    some({
      explicitModel: ref,
      command: fc.constantFrom("fix", "explain"),
      isEdit: fc.boolean(),
      language: fc.constant("go"),
      conversation: fc.oneof(fc.constant("c"), fc.string()),
      expectedOutputTokens: tokens,
      maxOutputTokens: fc.integer({ min: 1, max: 20_000 }),
      budgetChoice: fc.constantFrom("cheapest" as const, "free" as const),
    }),
    fc.nat(9),
  )
  .map(
    ([sure, { explicitModel, budgetChoice, ...rest }, luck]): Attributes => ({
      ...sure,
      ...rest,
      ...(explicitModel === undefined || luck > 3 ? {} : { explicitModel }),
      ...(budgetChoice === undefined || luck < 7 ? {} : { budgetChoice }),
    }),
  );

const features = fc
  .tuple(level, tokens, fc.boolean(), fc.boolean(), fc.array(share, { maxLength: NAMES.length }))
  .map(
    ([anyLevel, contextTokens, followUp, hasWord, scores]): Features => ({
      complexity: {
        level: anyLevel,
        score: { low: 0.1, medium: 0.5, high: 0.8 }[anyLevel],
        reason: { kind: "length", characters: 1 },
      },
      contextTokens,
      keywords: hasWord ? ["word"] : [],
      followUp,
      cached: false,
      similarities: {
        embedder: "built-in",
        routes: scores.map((score, index) => ({
          index,
          name: NAMES[index] ?? "",
          score,
          threshold: 0.4,
          nearest: { example: "Write a poem", cosine: score },
        })),
      },
    }),
  );

export const anyCase: fc.Arbitrary<Case> = fc.record({ attributes, features, settings, world });
