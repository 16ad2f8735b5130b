import type { AnswerEvent, AnswerSink, AnswerSummary } from "../../../contract/answer.ts";
import type { Decision } from "../../../contract/decision.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { Engine } from "../../../engine/engine.ts";
import { type EditAnswer, EditAnswerReader } from "./answerReader.ts";
import { type AppliedAnswer, applyAnswer, type UnplacedBlock } from "./applyAnswer.ts";
import {
  type EditRequestOptions,
  type EditTarget,
  type EditTask,
  editRequest,
  type FailedTry,
  unmasked,
} from "./editRequest.ts";

/** One request of an edit. Its decision and its cost are in the history like those of every request. */
export type EditTry = { readonly decision: Decision; readonly summary: AnswerSummary };

export type EditResult = {
  /** In their order; the last one decided the outcome. */
  readonly tries: readonly EditTry[];
  readonly outcome:
    | EditedOutcome
    /** The model gave none. `words`: what it wrote instead. */
    | { readonly kind: "no-edit"; readonly words: string }
    /** The answer is not complete: none of it is used. The summary of the last try has the reason. */
    | { readonly kind: "unanswered" };
};

/** An edit that a model gave. */
export type EditedOutcome = {
  readonly kind: "edited";
  /** The whole text with the edit in it. */
  readonly text: string;
  /** Blocks that had no place, also when asked for again. */
  readonly unplaced: readonly UnplacedBlock[];
  /** What the model wrote. */
  readonly answer: string;
};

/** Receives an edit while it is written. */
export type EditProgress = {
  /** A model is called. */
  readonly onModel: (model: ModelRef) => void;
  /** @param text returns the whole text with the edit as far as it is written; reading it takes time */
  readonly onText: (text: () => string) => void;
};

/**
 * Asks for an edit and makes it in the text of the target. If blocks of the answer have no place, they are asked for again,
 * once. Aborting the signal ends it as `unanswered`.
 * @throws errors of the ledger
 */
export async function runEdit(
  engine: Pick<Engine, "run">,
  task: EditTask,
  target: EditTarget,
  progress: EditProgress,
  signal: AbortSignal,
  options: Omit<EditRequestOptions, "failedTry"> = {},
): Promise<EditResult> {
  const tries: EditTry[] = [];
  const answers: string[] = [];
  let applied: AppliedAnswer = { text: target.text, range: target.range, unplaced: [] };
  let failedTry: FailedTry | undefined;
  while (tries.length < 2) {
    const base = applied;
    const edited = (answer: EditAnswer) => applyAnswer(base.text, base.range, unmaskedAnswer(answer, target));
    const sink = new EditSink(progress, (answer) => edited(answer).text);
    const request = editRequest(task, target, { ...options, failedTry });
    const summary = await engine.run(request, sink, signal);
    const { decision, answer, written } = sink.finish();
    if (decision === undefined) throw new Error("The engine has sent no decision.");
    tries.push({ decision, summary });
    answers.push(written);
    const { ending } = summary;
    if (ending.kind !== "complete" || ending.limitedBy !== undefined)
      return { tries, outcome: { kind: "unanswered" } };
    if (answer.kind === "words") {
      const isFirst = failedTry === undefined;
      if (isFirst || base.text === target.text)
        return { tries, outcome: { kind: "no-edit", words: answer.text } };
      break;
    }
    const isReadable = (answer.kind === "blocks" && !answer.isOpen) || hasOneBlock(answer);
    if (isReadable) applied = edited(answer);
    if (isReadable && applied.unplaced.length === 0) break;
    failedTry = { answer: written, unplaced: isReadable ? applied.unplaced : [] };
  }
  if (applied.text === target.text && applied.unplaced.length === 0)
    return { tries, outcome: { kind: "no-edit", words: "" } };
  const { text, unplaced } = applied;
  return { tries, outcome: { kind: "edited", text, unplaced, answer: answers.join("\n\n") } };
}

/** Of several code blocks, it is not known which one replaces the code. */
function hasOneBlock(answer: EditAnswer): boolean {
  return answer.kind === "whole" && answer.others === 0;
}

function unmaskedAnswer(answer: EditAnswer, { masks }: EditTarget): EditAnswer {
  if (masks === undefined) return answer;
  // A private key has several lines.
  const lines = (all: readonly string[]) => all.flatMap((line) => unmasked(line, masks).split("\n"));
  switch (answer.kind) {
    case "words":
      return answer;
    case "whole":
      return { ...answer, lines: lines(answer.lines) };
    case "blocks": {
      const blocks = answer.blocks.map(({ search, replace }) => ({
        search: lines(search),
        replace: lines(replace),
      }));
      return { ...answer, blocks };
    }
  }
}

/** Reads an answer as it comes. */
class EditSink implements AnswerSink {
  readonly #progress: EditProgress;
  readonly #edited: (answer: EditAnswer) => string;
  #reader = new EditAnswerReader();
  #written = "";
  #decision: Decision | undefined;

  constructor(progress: EditProgress, edited: (answer: EditAnswer) => string) {
    this.#progress = progress;
    this.#edited = edited;
  }

  push(event: AnswerEvent): void {
    switch (event.type) {
      case "decided":
        this.#decision = event.decision;
        break;
      case "attempt":
        this.#progress.onModel(event.ref);
        break;
      case "text":
        this.#written += event.text;
        this.#reader.add(event.text);
        this.#progress.onText(() => this.#edited(this.#reader.answer));
        break;
      case "restarted":
        this.#written = "";
        this.#reader = new EditAnswerReader();
        break;
      case "answeredBy":
      case "resumed":
      case "failedOver":
      case "reasoning":
      case "toolCall":
      case "wireFields":
        break;
    }
  }

  drained(): undefined {
    return undefined;
  }

  finish(): {
    readonly decision: Decision | undefined;
    readonly answer: EditAnswer;
    readonly written: string;
  } {
    this.#reader.end();
    return { decision: this.#decision, answer: this.#reader.answer, written: this.#written };
  }
}
