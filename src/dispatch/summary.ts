import type { AnswerSummary, Ending } from "../contract/answer.ts";
import type { Usage } from "../contract/money.ts";
import { costOf } from "../models/price.ts";
import type { ChainEnd } from "./fallbackChain.ts";
import { sumOf } from "./money/settlement.ts";
import type { RequestContext } from "./requestContext.ts";

/** The summary of an answer, over all its attempts. */
export function summaryOf({ ending, modelUsed }: ChainEnd, context: RequestContext): AnswerSummary {
  const { decision, clock, progress } = context;
  const { attempts, handoffs, notCalled, startedMs } = progress;
  return {
    decisionId: decision.id,
    ending: ending ?? endingWithoutAnswer(context),
    modelUsed,
    fallbackCount: fallbackCount(context, modelUsed),
    attempts,
    notCalled: notCalled.size === 0 ? undefined : [...notCalled.values()],
    handoffs: handoffs.length === 0 ? undefined : handoffs,
    cost: sumOf(attempts.map(({ cost }) => cost)),
    wouldCostNanoUsd: wouldCostNanoUsd(context),
    usage: usageOf(context),
    tookMs: clock.now() - startedMs,
  };
}

function fallbackCount({ progress }: RequestContext, modelUsed: string | undefined): number {
  return new Set(progress.attempts.map(({ ref }) => ref).filter((ref) => ref !== modelUsed)).size;
}

/** The ending if no model of the chain answered: the last failure, or why no model was called. */
function endingWithoutAnswer({ decision, progress, signal }: RequestContext): Ending {
  if (signal.aborted) return { kind: "stopped" };
  if (progress.lastFailure !== undefined) return { kind: "failed", failure: progress.lastFailure };
  if (decision.outcome.kind === "blocked") return { kind: "not-sent", reason: decision.outcome.reason };
  return { kind: "not-sent", reason: { kind: "no-model-available" } };
}

/** The usage of the last attempt. For a resumed answer, the output includes that of every attempt in the answer. */
function usageOf({ progress: { attempts, handoffs } }: RequestContext): Usage | undefined {
  const last = attempts.at(-1);
  if (last?.usage === undefined || last.resumeMethod === undefined) return last?.usage;
  const authors = new Set(
    handoffs.flatMap(({ method, from, to }) => (method === "restart" ? [] : [from, to])),
  );
  const outputTokens = attempts
    .filter(({ ref, outcome }) => authors.has(ref) && outcome.kind !== "not-resumed")
    .reduce((sum, { usage }) => sum + (usage?.outputTokens ?? 0), 0);
  return { ...last.usage, outputTokens };
}

/** What the simulator's answer would have cost at its list prices; undefined for other models. */
function wouldCostNanoUsd({ cardOf, progress }: RequestContext): number | undefined {
  const last = progress.attempts.at(-1);
  if (last?.usage === undefined) return undefined;
  const card = cardOf(last.ref);
  return card.simulated === true ? costOf(card, last.usage) : undefined;
}
