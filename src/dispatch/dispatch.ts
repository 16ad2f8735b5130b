import type { AnswerEvent, AnswerSummary, Ending } from "../contract/answer.ts";
import type { Decision } from "../contract/decision.ts";
import type { NanoUsd, Usage } from "../contract/money.ts";
import { costOf } from "../models/price.ts";
import { askChain } from "./chain.ts";
import { sumOf } from "./charge.ts";
import type { DispatchDeps, DispatchRequest, Progress } from "./request.ts";

/** How a decision was carried out. */
export type Dispatched = {
  readonly summary: AnswerSummary;
  /** Where nobody was asked because others hold the budget: what of it is free. */
  readonly freeNanoUsd?: NanoUsd;
};

/**
 * Carries a decision out: asks the models of its chain, one after the other, until one answers; goes on with an answer that
 * was torn. Yields what happens, and returns how it ended. Money is held before each attempt and settled after it, and
 * breakers are asked and told; of a whole answer that is left to `afterEnd`.
 */
export async function* dispatch(
  request: DispatchRequest,
  deps: DispatchDeps,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, Dispatched> {
  const { decision } = request;
  const startedMs = deps.clock.now();
  const progress: Progress = { startedMs, waitingSinceMs: startedMs, attempts: [], rescues: [] };
  const { ending, modelUsed } = yield* askChain(request, deps, progress, signal);
  const { attempts, freeNanoUsd } = progress;
  const summary: AnswerSummary = {
    decisionId: decision.id,
    ending: ending ?? nobodyAnswered(decision, progress, signal),
    fallbackCount: new Set(attempts.map(({ ref }) => ref).filter((ref) => ref !== modelUsed)).size,
    attempts,
    ...(progress.rescues.length === 0 ? {} : { handoffs: progress.rescues }),
    cost: sumOf(attempts.map(({ cost }) => cost)),
    tookMs: deps.clock.now() - progress.startedMs,
    ...wouldCost(request, progress),
    ...(modelUsed === undefined ? {} : { modelUsed }),
    ...usageOf(progress),
  };
  return { summary, ...(attempts.length > 0 || freeNanoUsd === undefined ? {} : { freeNanoUsd }) };
}

/** The chain is at its end: the last failure, or, where nobody was even asked, that nobody could be. */
function nobodyAnswered(decision: Decision, { lastFailure }: Progress, signal: AbortSignal): Ending {
  if (signal.aborted) return { kind: "stopped" };
  if (lastFailure !== undefined) return { kind: "failed", failure: lastFailure };
  if (decision.outcome.kind === "blocked") return { kind: "not-sent", reason: decision.outcome.reason };
  return { kind: "not-sent", reason: { kind: "no-model-available" } };
}

/** Of the last attempt; where it went on with a torn answer, with all the output that the answer is made of. */
function usageOf({ attempts, rescues }: Progress): { readonly usage?: Usage } {
  const last = attempts.at(-1);
  if (last?.usage === undefined) return {};
  if (last.resumeMethod === undefined) return { usage: last.usage };
  const parts = new Set(
    rescues.flatMap(({ method: means, from, to: by }) => (means === "restart" ? [] : [from, by])),
  );
  const outputTokens = attempts
    .filter(({ ref, outcome }) => parts.has(ref) && outcome.kind !== "not-resumed")
    .reduce((sum, { usage }) => sum + (usage?.outputTokens ?? 0), 0);
  return { usage: { ...last.usage, outputTokens } };
}

/** What the automatic simulator's answers would have cost at its list prices. */
function wouldCost(
  { cardOf }: DispatchRequest,
  { attempts }: Progress,
): Pick<AnswerSummary, "wouldCostNanoUsd"> {
  const last = attempts.at(-1);
  if (last?.usage === undefined) return {};
  const card = cardOf(last.ref);
  const nanoUsd = card.simulated === true ? costOf(card, last.usage) : undefined;
  return nanoUsd === undefined ? {} : { wouldCostNanoUsd: nanoUsd };
}
