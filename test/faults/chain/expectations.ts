import { expect } from "vitest";
import type { Attempt } from "../../../src/contract/answer.ts";
import type { FailureRecord } from "../../../src/contract/failure.ts";
import type { SubjectHealth } from "../../../src/contract/health.ts";
import type { CollectedAnswer } from "../../support/collectAnswer.ts";
import type { ChainModel, TestChain } from "./testChain.ts";

/** The health of a model or a provider. `failed`: the breaker counts every attempt; the others are reasons for a pause. */
export type HealthState = "healthy" | "failed" | "rate-limit" | "quota" | "auth" | "forbidden" | "not-found";

/** What an attempt costs. */
export type Charge = "nothing" | "an estimate" | "what it used";

export function healthStateOf(health: SubjectHealth | undefined): HealthState {
  if (health?.pause !== undefined) return health.pause.reason;
  return health === undefined || health.breaker.failures === 0 ? "healthy" : "failed";
}

/** Expects a failure of this model, with a message. */
export function expectFailure(
  failure: FailureRecord | undefined,
  expected: Partial<FailureRecord>,
  { id }: ChainModel,
): void {
  expect(failure).toMatchObject({ ...expected, provider: id });
  expect(failure?.message).toMatch(/\S/);
}

/** The attempts of one model. */
export function attemptsOf({ summary }: CollectedAnswer, { ref }: ChainModel): readonly Attempt[] {
  return summary.attempts.filter((attempt) => attempt.ref === ref);
}

export function failureOf(attempt: Attempt | undefined): FailureRecord | undefined {
  return attempt?.outcome.kind === "failed" ? attempt.outcome.failure : undefined;
}

export function expectCharge({ cost }: Attempt, charge: Charge): void {
  const nanoUsd = cost.kind === "unknown" ? Number.NaN : cost.nanoUsd;
  expect({ kind: cost.kind, isFree: nanoUsd === 0 }).toEqual({
    kind: charge === "an estimate" ? "estimated" : "exact",
    isFree: charge === "nothing",
  });
}

/** Expects the ledger to hold every attempt with its cost, and no reservation. */
export async function expectSettled(
  { ledger, simulator }: TestChain,
  { summary }: CollectedAnswer,
): Promise<void> {
  const { attempts, decisionId } = summary;
  const costs = attempts.map(({ cost }) => (cost.kind === "unknown" ? Number.NaN : cost.nanoUsd));
  expect(await ledger.budget.today()).toMatchObject({
    spentNanoUsd: costs.reduce((sum, cost) => sum + cost, 0),
    reservedNanoUsd: 0,
    unknownAttempts: 0,
  });
  expect((await ledger.history.decision(decisionId))?.summary?.attempts).toEqual(attempts);
  expect(simulator.requestCount()).toBeLessThanOrEqual(attempts.length);
}
