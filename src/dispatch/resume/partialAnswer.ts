import type { ResumeMethod } from "../../contract/answer.ts";
import type { Attributes } from "../../contract/decision.ts";
import type { FailureRecord } from "../../contract/failure.ts";
import { type Message, textMessage } from "../../contract/message.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import { estimateTokens, inputBound } from "../../models/tokens.ts";
import { anchorOf } from "./anchor.ts";

/** An answer that broke off after a part of it was shown. */
export type PartialAnswer = {
  readonly from: ModelRef;
  readonly failure: FailureRecord;
  /** All that is shown; undefined where it cannot be continued: a tool was called, or every model failed to resume it. */
  readonly text: string | undefined;
};

/** A partial answer as one model is asked to resume it. */
export type ResumableAnswer = {
  readonly from: ModelRef;
  readonly text: string;
  readonly method: ResumeMethod;
};

/** The methods by which a model can resume an answer, the most reliable first. */
export function resumeMethods(card: ModelCard): readonly ResumeMethod[] {
  return card.assistantPrefill ? ["prefill", "anchor"] : ["anchor"];
}

/** The messages that follow the conversation, so that a model continues the partial answer. */
export function resumeMessages({ text, method }: ResumableAnswer): readonly Message[] {
  // Anthropic rejects a prefill that ends in white space; stitching restores it.
  const beginning = textMessage("assistant", text.trimEnd());
  return method === "prefill" ? [beginning] : [beginning, textMessage("user", resumeInstruction(text))];
}

function resumeInstruction(text: string): string {
  return [
    "Your answer was cut off. Continue it exactly where it ends. Start with its last words, word for word:",
    anchorOf(text),
    "Then continue. Repeat nothing else of it, and add no remark.",
  ].join("\n\n");
}

/** The request as it is now: a longer input, and an answer of which a part exists already. */
export function attributesOfRest(attributes: Attributes, resumable: ResumableAnswer): Attributes {
  const { text, method } = resumable;
  const { inputBoundTokens, maxOutputTokens } = attributes;
  const repeatedTokens = method === "anchor" ? estimateTokens(anchorOf(text)) : 0;
  return {
    ...attributes,
    inputBoundTokens: inputBoundTokens + inputBound(resumeMessages(resumable)),
    ...(maxOutputTokens === undefined
      ? {}
      : { maxOutputTokens: Math.max(1, maxOutputTokens - estimateTokens(text)) + repeatedTokens }),
  };
}
