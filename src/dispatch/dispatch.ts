import type { AnswerEvent, AnswerSummary, Ending } from "../contract/answer.ts";
import type { Decision } from "../contract/decision.ts";
import type { ModelRef } from "../contract/model.ts";
import type { NanoUsd, Usage } from "../contract/money.ts";
import { costOf } from "../models/price.ts";
import { sumOf } from "./charge.ts";
import type { DispatchDeps, DispatchRequest, Progress } from "./request.ts";
import { askStep } from "./step.ts";

/** How a decision was carried out. */
export type Dispatched = {
  readonly summary: AnswerSummary;
  /** Where nobody was asked because others hold the budget: what of it is free. */
  readonly freeNanoUsd?: NanoUsd;
};

/**
 * Carries a decision out: asks the models of its chain, one after the other, until one answers. Yields what happens, and
 * returns how it ended. Money is held before each attempt and settled after it; breakers are asked and told.
 */
export async function* dispatch(
  request: DispatchRequest,
  deps: DispatchDeps,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, Dispatched> {
  const { decision, cardOf, recheck } = request;
  const progress: Progress = { startedMs: deps.clock.now(), attempts: [] };
  const chain = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  let largerThan: number | undefined;
  let ending: Ending | undefined;
  let modelUsed: ModelRef | undefined;

  for (const [index, step] of chain.entries()) {
    if (signal.aborted) ending = { kind: "stopped" };
    if (ending !== undefined) break;
    const window = cardOf(step.ref).maxInputTokens;
    if (largerThan !== undefined && window !== undefined && window <= largerThan) continue;
    if (index > 0 && (await recheck(step.ref)) !== undefined) continue;
    const end = yield* askStep(step, request, deps, progress, signal);
    if (end.kind === "next") {
      largerThan = end.largerThan ?? largerThan;
      continue;
    }
    ending = end.ending;
    if (end.shown) modelUsed = step.ref;
  }
  const { attempts, freeNanoUsd } = progress;
  const summary: AnswerSummary = {
    decisionId: decision.id,
    ending: ending ?? nobodyAnswered(decision, progress, signal),
    fallbackCount: new Set(attempts.map(({ ref }) => ref).filter((ref) => ref !== modelUsed)).size,
    attempts,
    cost: sumOf(attempts.map(({ cost }) => cost)),
    tookMs: deps.clock.now() - progress.startedMs,
    ...wouldCost(request, progress),
    ...(modelUsed === undefined ? {} : { modelUsed }),
    ...lastUsage(progress),
  };
  return { summary, ...(attempts.length > 0 || freeNanoUsd === undefined ? {} : { freeNanoUsd }) };
}

/** The chain is at its end: the last failure, or, where nobody was even asked, that nobody could be. */
function nobodyAnswered(decision: Decision, { lastFailure }: Progress, signal: AbortSignal): Ending {
  if (signal.aborted) return { kind: "stopped" };
  if (lastFailure !== undefined) return { kind: "failed", failure: lastFailure };
  if (decision.outcome.kind === "stopped") return { kind: "not-sent", stop: decision.outcome.stop };
  return { kind: "not-sent", stop: { kind: "nobody-eligible" } };
}

function lastUsage({ attempts }: Progress): { readonly usage?: Usage } {
  const usage = attempts.at(-1)?.usage;
  return usage === undefined ? {} : { usage };
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
