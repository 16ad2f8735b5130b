import type { AnswerEvent, AnswerSummary, Ending } from "../contract/answer.ts";
import type { ChainStep, Decision } from "../contract/decision.ts";
import type { ModelRef } from "../contract/model.ts";
import type { NanoUsd, Usage } from "../contract/money.ts";
import { costOf } from "../models/price.ts";
import { sumOf } from "./charge.ts";
import type { Torn } from "./continuation.ts";
import { goOn } from "./goOn.ts";
import type { Asking } from "./oneTry.ts";
import type { DispatchDeps, DispatchRequest, Progress } from "./request.ts";
import { askStep, type StepEnd } from "./step.ts";

/** How a decision was carried out. */
export type Dispatched = {
  readonly summary: AnswerSummary;
  /** Where nobody was asked because others hold the budget: what of it is free. */
  readonly freeNanoUsd?: NanoUsd;
};

/**
 * Carries a decision out: asks the models of its chain, one after the other, until one answers; goes on with an answer that
 * was torn. Yields what happens, and returns how it ended. Money is held before each attempt and settled after it; breakers
 * are asked and told.
 */
export async function* dispatch(
  request: DispatchRequest,
  deps: DispatchDeps,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, Dispatched> {
  const { decision, cardOf, recheck, canTakeBack } = request;
  const startedMs = deps.clock.now();
  const progress: Progress = { startedMs, waitingSinceMs: startedMs, attempts: [], rescues: [] };
  let steps: readonly ChainStep[] = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  let largerThan: number | undefined;
  let ending: Ending | undefined;
  let modelUsed: ModelRef | undefined;
  let torn: Torn | undefined;
  let takenBackFrom: ModelRef | undefined;

  while (steps.length > 0) {
    const unjoined: ChainStep[] = [];
    for (const step of steps) {
      if (signal.aborted) ending = { kind: "stopped" };
      if (ending !== undefined) break;
      const window = cardOf(step.ref).maxInputTokens;
      if (largerThan !== undefined && window !== undefined && window <= largerThan) continue;
      if (step !== steps[0] && (await recheck(step.ref)) !== undefined) continue;
      const asking: Asking = { step, request, deps, progress, signal };
      const end: StepEnd = yield* torn === undefined ? askStep(asking) : goOn(asking, torn);
      switch (end.kind) {
        case "next":
          largerThan = end.largerThan ?? largerThan;
          break;
        case "unjoined":
          unjoined.push(step);
          break;
        case "torn": {
          modelUsed = step.ref;
          progress.waitingSinceMs = deps.clock.now();
          const text = (torn?.text ?? "") + (end.texts ?? []).join("");
          if (end.texts !== undefined) {
            // Behind white space, a new answer is a whole one.
            if (text.trim() !== "") torn = { text, from: step.ref, failure: end.failure };
          }
          // A tool call cannot be gone on with.
          else if (canTakeBack && step !== steps.at(-1)) {
            yield { type: "restart" };
            takenBackFrom = step.ref;
            modelUsed = undefined;
            torn = undefined;
          } else ending = { kind: "failed", failure: end.failure };
          break;
        }
        case "over":
          ending = end.ending;
          if (end.shown) modelUsed = step.ref;
          if (end.shown && takenBackFrom !== undefined)
            progress.rescues.push({ from: takenBackFrom, by: step.ref, means: "restart" });
      }
    }
    if (ending !== undefined || torn === undefined || !canTakeBack || unjoined.length === 0) break;
    // They answer, but could not go on with it: the first of them that can, answers anew.
    yield { type: "restart" };
    takenBackFrom = torn.from;
    modelUsed = undefined;
    torn = undefined;
    steps = unjoined;
  }
  if (torn !== undefined) ending ??= { kind: "failed", failure: torn.failure };
  const { attempts, freeNanoUsd } = progress;
  const summary: AnswerSummary = {
    decisionId: decision.id,
    ending: ending ?? nobodyAnswered(decision, progress, signal),
    fallbackCount: new Set(attempts.map(({ ref }) => ref).filter((ref) => ref !== modelUsed)).size,
    attempts,
    ...(progress.rescues.length === 0 ? {} : { rescues: progress.rescues }),
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
