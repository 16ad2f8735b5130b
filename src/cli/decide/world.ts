/** The world that `decide` assumes: providers, models, health and budget, as the world file describes them. */
import * as v from "valibot";
import { limitsIn } from "../../contract/budget.ts";
import type { HealthSubject, SubjectHealth } from "../../contract/health.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import { nanoUsd } from "../../contract/money.ts";
import { type Catalogue, cardOf, derivedModels, modelsOf } from "../../models/catalogue.ts";
import { SIMULATOR_ID } from "../../providers/registry/providerRegistry.ts";
import { configOf, providerIds } from "../../providers/registry/providerSettings.ts";
import type { LimitState, ProviderState, World } from "../../routing/decide/world.ts";
import { limitsOf } from "../../routing/snapshot.ts";
import { readJsonc } from "../../settings/jsonc.ts";
import { issueTexts } from "../../settings/problems.ts";
import type { Settings } from "../../settings/schema.ts";
import { count, name, object, record, usd } from "../../settings/values.ts";
import { UsageError } from "../terminal.ts";
import { readTextFile } from "../textFile.ts";

const YEAR_SECONDS = 366 * 86_400;

const subject = v.pipe(
  v.string(),
  v.regex(/^[^\s/]+(?:\/\S+)?$/, "a model as provider/model, or a provider"),
);
const seconds = v.pipe(v.number(), v.minValue(0), v.maxValue(YEAR_SECONDS));
const isoDate = v.pipe(
  v.string(),
  v.regex(
    /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:\d{2})?)?$/,
    'an ISO date, such as "2026-11-21T15:00:00Z"',
  ),
  v.check((text) => !Number.isNaN(Date.parse(text)), "a date that exists"),
);

/** How often the check of edits was right. */
const checkRecord = v.pipe(
  object({
    route: name,
    language: v.exactOptional(v.string(), ""),
    wrong: count(),
    rejectedWrong: count(),
    right: v.exactOptional(count(), 0),
    passedRight: v.exactOptional(count(), 0),
  }),
  v.check(
    ({ wrong, rejectedWrong, right, passedRight }) => rejectedWrong <= wrong && passedRight <= right,
    "counts of which rejectedWrong is not above wrong, and passedRight not above right",
  ),
);

const worldFile = object({
  remainingUsd: v.exactOptional(usd),
  openBreakers: v.exactOptional(v.array(subject)),
  missingKeys: v.exactOptional(v.array(v.pipe(v.string(), v.regex(/^[^\s/]+$/, "a provider id")))),
  rateLimits: v.exactOptional(record(subject, seconds)),
  latency: v.exactOptional(
    record(
      subject,
      object({
        firstTokenMs: v.pipe(v.number(), v.minValue(0)),
        tokensPerSecond: v.pipe(v.number(), v.gtValue(0)),
      }),
    ),
  ),
  checks: v.exactOptional(v.array(checkRecord)),
  now: v.exactOptional(isoDate),
});

/** Assumptions that differ from the default: every provider has a key and works, and nothing is spent. */
export type WorldFile = v.InferOutput<typeof worldFile>;

/** Reads a world file. @throws UsageError with everything that is wrong with the file, on one line */
export async function readWorldFile(file: string): Promise<WorldFile> {
  const { raw, errors } = readJsonc(await readTextFile(file, `the world file ${file}`));
  const [error] = errors;
  if (error !== undefined) throw new UsageError(`${file}:${error.line}:${error.column}: ${error.message}`);
  const result = v.safeParse(worldFile, raw);
  if (result.success) return result.output;
  throw new UsageError(`${file}: ${issueTexts(result.issues, raw).join(" ")}`);
}

/** The world to decide prompts in. Nothing outside of the arguments is read. */
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
  // Local servers are not asked for their models, so only those in the settings are known.
  const localModels = usable
    .filter(({ local }) => local)
    .flatMap(({ id }) => [
      ...modelsOf(id, catalogue, settings),
      ...named.filter((ref) => ref.startsWith(`${id}/`)),
    ]);
  const derived = derivedModels(hosted, catalogue, settings, atMs);
  const simulated = usesSimulator(settings, providers) ? modelsOf(SIMULATOR_ID, catalogue, settings) : [];
  const unusable = [...providers].flatMap(([id, { problem }]) => (problem === undefined ? [] : [id]));
  const fallbackPool = simulated.length > 0 ? simulated : derivedModels(unusable, catalogue, settings, atMs);
  const pool =
    derived.length > 0 ? derived : localModels.length > 0 ? [...new Set(localModels)] : fallbackPool;
  const cards = new Map<ModelRef, ModelCard>();
  for (const ref of [...named, ...pool, ...localModels]) {
    const card = cardOf(ref, catalogue, settings);
    cards.set(ref, simulated.includes(ref) ? { ...card, simulated: true, local: false } : card);
  }
  return {
    nowMs: atMs,
    cards,
    providers,
    pool,
    localModels: [...new Set(localModels)],
    health: healthIn(settings, file, atMs),
    answers: [],
    checks: file.checks,
    budget: budgetIn(settings, file),
  };
}

/** The models and providers in the world file that do not exist: probably typing errors. */
export function unknownNamesIn(
  file: WorldFile,
  world: Pick<World, "cards" | "providers">,
): readonly string[] {
  const names = [
    ...(file.openBreakers ?? []),
    ...Object.keys(file.rateLimits ?? {}),
    ...Object.keys(file.latency ?? {}),
    ...(file.missingKeys ?? []),
  ];
  return [...new Set(names)].filter((name) => !world.cards.has(name) && !world.providers.has(name));
}

function providersIn(settings: Settings, file: WorldFile): ReadonlyMap<string, ProviderState> {
  const missing = new Set(file.missingKeys);
  const providers = new Map<string, ProviderState>();
  for (const id of providerIds(settings)) {
    const config = configOf(id, settings);
    if (config === undefined) continue;
    const { name, local, problem } = config;
    providers.set(id, { name, usable: !missing.has(id) && problem === undefined, problem, local });
  }
  if (!providers.has(SIMULATOR_ID)) {
    const noneIsUsable = [...providers.values()].every(
      ({ usable, problem }) => !usable && problem === undefined,
    );
    providers.set(SIMULATOR_ID, { name: "Simulator", usable: noneIsUsable, local: false });
  }
  return providers;
}

/** True if the simulator answers because no other provider can. */
function usesSimulator(settings: Settings, providers: ReadonlyMap<string, ProviderState>): boolean {
  return providers.get(SIMULATOR_ID)?.usable === true && !Object.hasOwn(settings.providers, SIMULATOR_ID);
}

/** The limits of the budget, the lowest first, with nothing spent or with the file's remainder of the day and the month. */
function budgetIn(settings: Settings, { remainingUsd }: WorldFile): readonly LimitState[] | undefined {
  const remaining = remainingUsd === undefined ? undefined : nanoUsd(remainingUsd);
  const states = limitsIn(limitsOf(settings), undefined)
    .toSorted((a, b) => a.nanoUsd - b.nanoUsd)
    .map(({ scope, nanoUsd: budgetNanoUsd }): LimitState => {
      const isPeriod = scope.kind === "day" || scope.kind === "month";
      const leftNanoUsd = isPeriod ? (remaining ?? budgetNanoUsd) : budgetNanoUsd;
      return { limit: scope, budgetNanoUsd, leftNanoUsd };
    });
  const { dailyUsd, monthlyUsd } = settings.budget;
  const isUnlimited = dailyUsd === null && monthlyUsd === null;
  if (remaining === undefined || !isUnlimited) return states.length === 0 ? undefined : states;
  return [{ limit: { kind: "day" }, budgetNanoUsd: remaining, leftNanoUsd: remaining }, ...states];
}

function healthIn(
  { breaker }: Settings,
  file: WorldFile,
  nowMs: number,
): ReadonlyMap<HealthSubject, SubjectHealth> {
  const health = new Map<HealthSubject, SubjectHealth>();
  const set = (subject: HealthSubject, known: Partial<SubjectHealth>): void => {
    const before = health.get(subject) ?? {
      breaker: { kind: "closed" as const, failures: 0 },
      switchedOff: false,
    };
    health.set(subject, { ...before, ...known });
  };
  for (const subject of file.openBreakers ?? []) {
    const { failures, openMs } = breaker;
    set(subject, { breaker: { kind: "open", failures, openedAtMs: nowMs, openMs } });
  }
  for (const [subject, waitSeconds] of Object.entries(file.rateLimits ?? {})) {
    set(subject, { pause: { kind: "until", reason: "rate-limit", untilMs: nowMs + waitSeconds * 1000 } });
  }
  for (const [subject, latency] of Object.entries(file.latency ?? {})) {
    set(subject, { latency });
  }
  return health;
}
