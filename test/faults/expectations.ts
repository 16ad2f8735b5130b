import { expect } from "vitest";
import type { Attempt } from "../../src/contract/answer.ts";
import type { FailureRecord } from "../../src/contract/failure.ts";
import type { SubjectHealth } from "../../src/contract/health.ts";
import type { CollectedAnswer } from "../support/collectAnswer.ts";
import type { ChainScene, Link } from "./chainScene.ts";

/** What is remembered of a model or a provider: `counted`: its breaker counted every try. */
export type Mark = "well" | "counted" | "rate-limit" | "quota" | "auth" | "forbidden" | "not-found";

/** What a try costs. */
export type Charge = "nothing" | "an estimate" | "what it used";

export function markOf(health: SubjectHealth | undefined): Mark {
  const { pause: block, breaker } = health ?? {};
  if (block !== undefined) return block.reason;
  return breaker === undefined || breaker.failures === 0 ? "well" : "counted";
}

/** What a failure tells a person. */
export function expectTold(
  failure: FailureRecord | undefined,
  told: Partial<FailureRecord>,
  { id }: Link,
): void {
  expect(failure).toMatchObject({ ...told, provider: id });
  expect(failure?.message).toMatch(/\S/);
}

/** The tries of one model. */
export function attemptsOf({ summary }: CollectedAnswer, { ref }: Link): readonly Attempt[] {
  return summary.attempts.filter((attempt) => attempt.ref === ref);
}

export function failureOf(attempt: Attempt | undefined): FailureRecord | undefined {
  return attempt?.outcome.kind === "failed" ? attempt.outcome.failure : undefined;
}

export function expectCharge({ cost }: Attempt, charge: Charge): void {
  const paid = cost.kind === "unknown" ? Number.NaN : cost.nanoUsd;
  expect({ kind: cost.kind, isFree: paid === 0 }).toEqual({
    kind: charge === "an estimate" ? "estimated" : "exact",
    isFree: charge === "nothing",
  });
}

/** All that was asked is in the ledger with what it cost, and nothing is held any more. */
export async function expectMoneyToAddUp(
  { ledger, simulator }: ChainScene,
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
