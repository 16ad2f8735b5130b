import type { HealthSubject, SubjectHealth } from "../contract/health.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import { nanoUsd } from "../contract/money.ts";
import { type Catalogue, cardOf, derivedModels, modelsOf } from "../models/catalogue.ts";
import { configOf, providerIds } from "../providers/configured.ts";
import { STAND_IN } from "../providers/connections.ts";
import type { BudgetState, ProviderState, World } from "../routing/decide/world.ts";
import type { Settings } from "../settings/schema.ts";
import type { WorldFile } from "./worldFile.ts";

/**
 * The world that prompts are decided in when nothing real is looked at: every provider has a key and answers, and the
 * whole budget is left, but for what the world file says. The conversation is each prompt's own.
 */
export function assumedWorld(
  settings: Settings,
  catalogue: Catalogue,
  file: WorldFile,
  nowMs: number,
): Omit<World, "conversation"> {
  const atMs = file.now === undefined ? nowMs : Date.parse(file.now);
  const providers = providersIn(settings, file);
  const usable = [...providers].flatMap(([id, state]) => (state.usable ? [{ id, local: state.local }] : []));
  const named = [
    ...settings.routes.flatMap(({ models }) => models.map(({ model }) => model)),
    ...Object.keys(settings.models),
  ];
  const hosted = usable.filter(({ local }) => !local).map(({ id }) => id);
  // A server's own list is not asked for: its models are those that the settings name.
  const localModels = usable
    .filter(({ local }) => local)
    .flatMap(({ id }) => [
      ...modelsOf(id, catalogue, settings),
      ...named.filter((ref) => ref.startsWith(`${id}/`)),
    ]);
  const derived = derivedModels(hosted, catalogue, settings, atMs);
  const standIns = isSimulated(settings, providers) ? modelsOf(STAND_IN, catalogue, settings) : [];
  const pool = derived.length > 0 ? derived : localModels.length > 0 ? [...new Set(localModels)] : standIns;
  const cards = new Map<ModelRef, ModelCard>();
  for (const ref of [...named, ...pool, ...localModels]) {
    const card = cardOf(ref, catalogue, settings);
    const simulated = standIns.includes(ref);
    cards.set(ref, simulated ? { ...card, simulated: true, local: false } : card);
  }
  const budget = budgetIn(settings, file);
  return {
    nowMs: atMs,
    cards,
    providers,
    pool,
    localModels: [...new Set(localModels)],
    health: healthIn(settings, file, atMs),
    medianOutputTokens: new Map(),
    ...(budget === undefined ? {} : { budget }),
  };
}

/** What the file speaks of and nobody here knows: most likely a slip of the pen. */
export function strangersIn(file: WorldFile, world: Pick<World, "cards" | "providers">): readonly string[] {
  const subjects = [
    ...(file.openBreakers ?? []),
    ...Object.keys(file.rateLimits ?? {}),
    ...Object.keys(file.latency ?? {}),
    ...(file.missingKeys ?? []),
  ];
  return [...new Set(subjects)].filter((each) => !world.cards.has(each) && !world.providers.has(each));
}

function providersIn(settings: Settings, file: WorldFile): ReadonlyMap<string, ProviderState> {
  const missing = new Set(file.missingKeys);
  const providers = new Map<string, ProviderState>();
  for (const id of providerIds(settings)) {
    const config = configOf(id, settings);
    if (config === undefined) continue;
    providers.set(id, { name: config.name, usable: !missing.has(id), local: config.local });
  }
  if (!providers.has(STAND_IN)) {
    const nobodyElse = [...providers.values()].every(({ usable }) => !usable);
    providers.set(STAND_IN, { name: "Simulator", usable: nobodyElse, local: false });
  }
  return providers;
}

/** Whether the simulator answers because nobody else can. */
function isSimulated(settings: Settings, providers: ReadonlyMap<string, ProviderState>): boolean {
  return providers.get(STAND_IN)?.usable === true && !Object.hasOwn(settings.providers, STAND_IN);
}

/** The tighter of day and month, with nothing spent; or what the file says is left. */
function budgetIn({ budget }: Settings, { remainingUsd }: WorldFile): BudgetState | undefined {
  const day = { usd: budget.dailyUsd, period: "day" } as const;
  const month = { usd: budget.monthlyUsd, period: "month" } as const;
  const tighter = month.usd !== null && (day.usd === null || month.usd < day.usd) ? month : day;
  const limitUsd = tighter.usd ?? remainingUsd;
  if (limitUsd === undefined) return undefined;
  return {
    leftNanoUsd: nanoUsd(remainingUsd ?? limitUsd),
    budgetNanoUsd: nanoUsd(limitUsd),
    period: tighter.period,
  };
}

function healthIn(
  { breaker }: Settings,
  file: WorldFile,
  nowMs: number,
): ReadonlyMap<HealthSubject, SubjectHealth> {
  const health = new Map<HealthSubject, SubjectHealth>();
  const note = (subject: HealthSubject, known: Partial<SubjectHealth>): void => {
    const before = health.get(subject) ?? {
      breaker: { kind: "closed" as const, failures: 0 },
      switchedOff: false,
    };
    health.set(subject, { ...before, ...known });
  };
  for (const subject of file.openBreakers ?? []) {
    const { failures, openMs } = breaker;
    note(subject, { breaker: { kind: "open", failures, openedAtMs: nowMs, openMs } });
  }
  for (const [subject, seconds] of Object.entries(file.rateLimits ?? {})) {
    note(subject, { pause: { kind: "until", reason: "rate-limit", untilMs: nowMs + seconds * 1000 } });
  }
  for (const [subject, latency] of Object.entries(file.latency ?? {})) {
    note(subject, { latency: { ...latency, samples: 1 } });
  }
  return health;
}
