import type { Budget, BudgetLimits } from "../contract/budget.ts";
import type { HealthSnapshot, SubjectHealth } from "../contract/health.ts";
import type { ModelRef } from "../contract/model.ts";
import { nanoUsd } from "../contract/money.ts";
import type { Ledger } from "../ledger/ledger.ts";
import type { Catalogue } from "../models/catalogue.ts";
import type { Connection, Connections } from "../providers/connections.ts";
import type { Settings } from "../settings/schema.ts";
import { surroundingsOf } from "./surroundings.ts";
import type { BudgetState, PreviousAnswer, World } from "./world.ts";

/** Fewer answers than this say nothing of how long the next one will be. */
const LEAST_ANSWERS = 5;

export type SnapshotInput = {
  readonly settings: Settings;
  /** Stands for the settings: a model that refused us is left alone until they change. */
  readonly settingsHash: string;
  readonly catalogue: Catalogue;
  readonly connections: Connections;
  readonly ledger: Ledger;
  readonly nowMs: number;
  readonly explicitModel: ModelRef | undefined;
  readonly command: string | undefined;
  readonly conversation: PreviousAnswer | undefined;
};

/** Gathers what `decide` needs to know of the world, as it is now. */
export async function snapshotOf(input: SnapshotInput): Promise<World> {
  const {
    settings,
    settingsHash,
    catalogue,
    connections,
    ledger,
    nowMs,
    explicitModel,
    command,
    conversation,
  } = input;
  const [providers, simulated, budget, health, localModels, medians] = await Promise.all([
    connections.all(),
    connections.onlySimulated(),
    budgetState(ledger.budget, limitsOf(settings)),
    ledger.health.snapshot(),
    connections.localModels(nowMs),
    ledger.history.medianOutputTokens(answeredRoutes(settings), command, LEAST_ANSWERS),
  ]);
  const surroundings = surroundingsOf({
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
    cards: surroundings.cards,
    pool: surroundings.pool,
    localModels: surroundings.localModels,
    providers,
    health: withoutLapsed(health, providers, settingsHash),
    medianOutputTokens: medians,
    ...(budget === undefined ? {} : { budget }),
    ...(conversation === undefined ? {} : { conversation }),
  };
}

/** The budget's limits in nano-dollars. */
export function limitsOf({ budget }: Settings): BudgetLimits {
  return {
    ...(budget.dailyUsd === null ? {} : { dailyNanoUsd: nanoUsd(budget.dailyUsd) }),
    ...(budget.monthlyUsd === null ? {} : { monthlyNanoUsd: nanoUsd(budget.monthlyUsd) }),
  };
}

/** What is left of the day or the month, whichever is tighter. */
async function budgetState(budget: Budget, limits: BudgetLimits): Promise<BudgetState | undefined> {
  const { dailyNanoUsd, monthlyNanoUsd } = limits;
  const left: BudgetState[] = [];
  if (dailyNanoUsd !== undefined) left.push(await leftOf(budget, "day", dailyNanoUsd));
  if (monthlyNanoUsd !== undefined) left.push(await leftOf(budget, "month", monthlyNanoUsd));
  return left.sort((a, b) => a.leftNanoUsd - b.leftNanoUsd)[0];
}

async function leftOf(
  budget: Budget,
  period: BudgetState["period"],
  budgetNanoUsd: number,
): Promise<BudgetState> {
  const spentNanoUsd = await budget.spent(period);
  return { period, budgetNanoUsd, leftNanoUsd: Math.max(0, budgetNanoUsd - spentNanoUsd) };
}

/** All that may answer: the settings' routes, those that are derived, and the explicit choice. */
function answeredRoutes({ routes }: Settings): readonly string[] {
  const derived = ["high", "medium", "low"].map((level) => `derived:${level}`);
  return [...routes.map(({ name }) => name), ...derived, "explicit"];
}

/** Blocks hold until what was wrong changes: the key, or the settings. */
function withoutLapsed(
  health: HealthSnapshot,
  providers: ReadonlyMap<string, Connection>,
  settingsHash: string,
): HealthSnapshot {
  return new Map(
    [...health].map(([subject, state]): readonly [string, SubjectHealth] => {
      if (state.pause?.kind !== "unchanged") return [subject, state];
      const now = subject.includes("/") ? settingsHash : providers.get(subject)?.fingerprint;
      if (state.pause.fingerprint === now) return [subject, state];
      const { pause: block, ...rest } = state;
      return [subject, rest];
    }),
  );
}
