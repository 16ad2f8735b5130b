import type { AnswerEvent, Ending } from "../contract/answer.ts";
import type { ChainStep } from "../contract/decision.ts";
import type { ModelRef } from "../contract/model.ts";
import { answerAnew } from "./answerAnew.ts";
import type { Torn } from "./continuation.ts";
import { goOn } from "./goOn.ts";
import type { Asking } from "./oneTry.ts";
import type { DispatchDeps, DispatchRequest, Progress } from "./request.ts";
import { askStep, type StepEnd } from "./step.ts";

/** How a chain ended: without an ending nobody answered; `modelUsed`: whose text is shown. */
export type ChainEnd = { readonly ending?: Ending; readonly modelUsed?: ModelRef };

/**
 * Asks the models of a chain, one after the other, until one answers whole. An answer that was torn is gone on with by those
 * behind; where none of them can, and it can be taken back, they answer anew.
 */
export async function* askChain(
  request: DispatchRequest,
  deps: DispatchDeps,
  progress: Progress,
  signal: AbortSignal,
): AsyncGenerator<AnswerEvent, ChainEnd> {
  const { decision, cardOf, recheck, canTakeBack } = request;
  let steps: readonly ChainStep[] = decision.outcome.kind === "chosen" ? decision.outcome.chain : [];
  let largerThan: number | undefined;
  let torn: Torn | undefined;

  while (steps.length > 0) {
    const unjoined: ChainStep[] = [];
    for (const step of steps) {
      if (signal.aborted) return { ending: { kind: "stopped" }, ...shownBy(torn) };
      const window = cardOf(step.ref).maxInputTokens;
      if (largerThan !== undefined && window !== undefined && window <= largerThan) continue;
      if (step !== steps[0] && (await recheck(step.ref)) !== undefined) continue;
      const end: StepEnd = yield* askFor(torn, { step, request, deps, progress, signal });
      switch (end.kind) {
        case "next":
          largerThan = end.largerThan ?? largerThan;
          break;
        case "not-resumed":
          unjoined.push(step);
          break;
        case "torn":
          progress.waitingSinceMs = deps.clock.now();
          torn = tornNow(torn, step, end);
          // A tool call can be neither gone on with nor taken back.
          if (torn !== undefined && torn.text === undefined && !canTakeBack) return failedAs(torn);
          break;
        case "over":
          return { ending: end.ending, ...(end.shown ? { modelUsed: step.ref } : shownBy(torn)) };
      }
    }
    if (torn === undefined) return signal.aborted ? { ending: { kind: "stopped" } } : {};
    if (!canTakeBack || unjoined.length === 0) break;
    torn = { from: torn.from, failure: torn.failure };
    steps = unjoined;
  }
  return torn === undefined ? {} : failedAs(torn);
}

function askFor(torn: Torn | undefined, asking: Asking): AsyncGenerator<AnswerEvent, StepEnd> {
  if (torn === undefined) return askStep(asking);
  return torn.text === undefined ? answerAnew(asking, torn) : goOn(asking, { ...torn, text: torn.text });
}

/** What is torn after a step has broken. */
function tornNow(
  before: Torn | undefined,
  { ref: from }: ChainStep,
  { failure, texts }: Extract<StepEnd, { kind: "torn" }>,
): Torn | undefined {
  if (texts === undefined) return { from, failure };
  const text = (before?.text ?? "") + texts.join("");
  // Behind white space alone, a new answer is a whole one.
  return text.trim() === "" ? before : { from, failure, text };
}

function shownBy(torn: Torn | undefined): ChainEnd {
  return torn === undefined ? {} : { modelUsed: torn.from };
}

function failedAs(torn: Torn): ChainEnd {
  return { ending: { kind: "failed", failure: torn.failure }, ...shownBy(torn) };
}
