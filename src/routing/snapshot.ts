import { LRUCache } from "lru-cache";
import { memoizeByIdentity } from "../base/memoize.ts";
import { type Budget, type BudgetLimits, limitsIn } from "../contract/budget.ts";
import type { Health, HealthSnapshot, HealthSubject, SubjectHealth } from "../contract/health.ts";
import type { History } from "../contract/history.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import { nanoUsd } from "../contract/money.ts";
import { type Catalogue, cardOf, derivedModels } from "../models/catalogue.ts";
import { type ProviderRegistry, SIMULATOR_ID } from "../providers/registry/providerRegistry.ts";
import type { ConfiguredProvider } from "../providers/registry/providerSettings.ts";
import { ANY_NAME } from "../settings/closed/limits.ts";
import type { Settings } from "../settings/schema.ts";
import type { LimitState, PreviousAnswer, World } from "./decide/world.ts";

export type SnapshotInput = {
  readonly settings: Settings;
  /** Identifies the settings: a model that rejected a request is paused until they change. */
  readonly settingsHash: string;
  readonly catalogue: Catalogue;
  readonly providers: Pick<ProviderRegistry, "all" | "onlySimulated" | "localModels">;
  readonly ledger: {
    readonly budget: Pick<Budget, "spent" | "overrunFactors">;
    readonly health: Pick<Health, "snapshot">;
    readonly history: Pick<History, "answerLengths" | "checkRecords">;
  };
  readonly nowMs: number;
  readonly explicitModel: ModelRef | undefined;
  readonly command: string | undefined;
  readonly isEdit: boolean;
  /** The conversation's id. */
  readonly conversation: string | undefined;
  readonly previous: PreviousAnswer | undefined;
  readonly lacking?: World["lacking"];
};

/** Reads the present state of providers, ledger and catalogue into the plain data that `decide` takes. */
export async function snapshotOf({
  settings,
  settingsHash,
  catalogue,
  providers: registry,
  ledger,
  nowMs,
  explicitModel,
  command,
  isEdit,
  conversation,
  previous,
  lacking,
}: SnapshotInput): Promise<World> {
  const [providers, simulated, budget, overrunFactors, health, localModels, answers, checks] =
    await Promise.all([
      registry.all(),
      registry.onlySimulated(),
      limitStates(ledger.budget, limitsOf(settings), conversation),
      ledger.budget.overrunFactors(),
      ledger.health.snapshot(),
      registry.localModels(nowMs),
      ledger.history.answerLengths(routeNames(settings.routes), command),
      isEdit ? ledger.history.checkRecords(cascadeNames(settings.routes)) : undefined,
    ]);
  const modelPool = modelPoolOf({
    settings,
    catalogue,
    providers,
    localModels,
    explicitModel,
    simulated,
    nowMs,
  });
  return {
    nowMs,
    cards: modelPool.cards,
    pool: modelPool.pool,
    localModels,
    providers,
    health: withoutLapsedPauses(health, providers, settingsHash),
    lacking,
    budget,
    overrunFactors,
    conversation: previous,
    answers,
    checks,
  };
}

/** The budget's limits in nano-dollars. */
export const limitsOf = memoizeByIdentity(({ budget }: Settings): BudgetLimits => {
  const { dailyUsd, monthlyUsd, perConversationUsd, perModelUsd, perProviderUsd } = budget;
  const amount = (usd: number | null) => (usd === null ? undefined : nanoUsd(usd));
  const amounts = (usd: Readonly<Record<string, number>>) => {
    const named = Object.entries(usd).filter(([name]) => name !== ANY_NAME);
    return named.length === 0 ? undefined : new Map(named.map(([name, each]) => [name, nanoUsd(each)]));
  };
  const ofADay = [dailyUsd, perModelUsd[ANY_NAME], perProviderUsd[ANY_NAME]];
  const least = Math.min(...ofADay.map((usd) => usd ?? Number.POSITIVE_INFINITY));
  return {
    dailyNanoUsd: amount(Number.isFinite(least) ? least : null),
    monthlyNanoUsd: amount(monthlyUsd),
    conversationNanoUsd: amount(perConversationUsd),
    modelNanoUsd: amounts(perModelUsd),
    providerNanoUsd: amounts(perProviderUsd),
  };
});

/** The state of every limit that a request of a conversation may meet; undefined if none is set. */
async function limitStates(
  budget: Pick<Budget, "spent">,
  limits: BudgetLimits,
  conversation: string | undefined,
): Promise<readonly LimitState[] | undefined> {
  const all = limitsIn(limits, conversation);
  if (all.length === 0) return undefined;
  return Promise.all(
    all.map(async ({ scope, nanoUsd: budgetNanoUsd }) => {
      const spentNanoUsd = await budget.spent(scope);
      return { limit: scope, budgetNanoUsd, leftNanoUsd: Math.max(0, budgetNanoUsd - spentNanoUsd) };
    }),
  );
}

/** The names under which answers are recorded: the configured routes, the derived ones, and the explicit choice. */
const routeNames = memoizeByIdentity((routes: Settings["routes"]): readonly string[] => [
  ...routes.map(({ name }) => name),
  "derived:high",
  "derived:medium",
  "derived:low",
  "explicit",
]);

const cascadeNames = memoizeByIdentity((routes: Settings["routes"]): readonly string[] =>
  routes.filter(({ pick }) => pick === "cascade").map(({ name }) => name),
);

/**
 * Drops pauses whose cause has changed: a rejected key was replaced, or the settings that a model rejected were edited.
 * Returns the same map if there are none.
 */
function withoutLapsedPauses(
  health: HealthSnapshot,
  providers: ReadonlyMap<string, ConfiguredProvider>,
  settingsHash: string,
): HealthSnapshot {
  let current: Map<HealthSubject, SubjectHealth> | undefined;
  for (const [subject, state] of health) {
    if (state.pause?.kind !== "unchanged") continue;
    const fingerprint = subject.includes("/") ? settingsHash : providers.get(subject)?.fingerprint;
    if (state.pause.fingerprint === fingerprint) continue;
    current ??= new Map(health);
    current.set(subject, { ...state, pause: undefined });
  }
  return current ?? health;
}

/** The part of a snapshot that rarely changes. */
type ModelPool = Pick<World, "cards" | "pool">;

type ModelPoolInput = {
  readonly settings: Settings;
  readonly catalogue: Catalogue;
  readonly providers: ReadonlyMap<string, ConfiguredProvider>;
  readonly localModels: readonly ModelRef[];
  readonly explicitModel: ModelRef | undefined;
  /** The simulator answers in place of the providers. */
  readonly simulated: boolean;
  readonly nowMs: number;
};

/** How often announced ends of service are checked. */
const HOUR_MS = 3_600_000;
/** Pools that are cached for the same providers: one for each model that users pick and each list of local models. */
const MAX_POOLS = 100;

type CachedPool = ModelPool & Pick<ModelPoolInput, "settings" | "catalogue">;

const poolsOf = memoizeByIdentity(
  (_providers: ModelPoolInput["providers"]) => new LRUCache<string, CachedPool>({ max: MAX_POOLS }),
);

/** The models that may be used, with their cards. Returns the same objects until something they depend on changes. */
function modelPoolOf(input: ModelPoolInput): ModelPool {
  const { settings, catalogue, providers, localModels, explicitModel = "", simulated, nowMs } = input;
  const pools = poolsOf(providers);
  const key = `${Math.floor(nowMs / HOUR_MS)} ${simulated} ${explicitModel}\n${localModels.join("\n")}`;
  const cached = pools.get(key);
  if (cached?.settings === settings && cached.catalogue === catalogue) return cached;
  const pool = { ...createModelPool(input), settings, catalogue };
  pools.set(key, pool);
  return pool;
}

function createModelPool(input: ModelPoolInput): ModelPool {
  const { settings, catalogue, localModels, explicitModel, simulated } = input;
  const hosted = hostedModels(input);
  const usable = hosted.length > 0 ? hosted : localModels;
  // So that a decision names what is wrong in the settings.
  const pool = usable.length > 0 ? usable : hostedModels(input, ({ problem }) => problem !== undefined);
  const refs = new Set([
    ...settings.routes.flatMap(({ models }) => models.map(({ model }) => model)),
    ...pool,
    ...localModels,
  ]);
  if (explicitModel !== undefined) refs.add(explicitModel);
  const cards = new Map<ModelRef, ModelCard>();
  for (const ref of refs) {
    const card = cardOf(ref, catalogue, settings);
    const isSimulated = simulated && ref.startsWith(`${SIMULATOR_ID}/`);
    cards.set(ref, isSimulated ? { ...card, simulated: true, local: false } : card);
  }
  return { cards, pool };
}

/** The models of hosted providers with a key, including the simulator's while it answers in their place. */
function hostedModels(
  { settings, catalogue, providers, nowMs }: ModelPoolInput,
  isIncluded = ({ usable }: ConfiguredProvider) => usable,
): readonly ModelRef[] {
  const hosted = [...providers.values()].filter((provider) => isIncluded(provider) && !provider.local);
  const ids = hosted.map(({ config }) => config.id);
  return derivedModels(ids, catalogue, settings, nowMs);
}
