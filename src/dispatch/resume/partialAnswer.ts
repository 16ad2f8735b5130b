import type { ResumeMethod } from "../../contract/answer.ts";
import type { Attributes } from "../../contract/decision.ts";
import type { FailureRecord } from "../../contract/failure.ts";
import { type Message, textMessage } from "../../contract/message.ts";
import type { ModelCard, ModelRef } from "../../contract/model.ts";
import { estimateTokens, inputBound } from "../../models/tokens.ts";
import { anchorOf } from "./anchor.ts";

/** A part of an answer, which was shown before its stream broke. */
export type PartialAnswer = {
  readonly from: ModelRef;
  readonly failure: FailureRecord;
  /** The text that is shown; undefined if it cannot be resumed: a tool was called, or no model could resume it. */
  readonly text: string | undefined;
};

/** A partial answer, and the method by which one model resumes it. */
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

/** The attributes of the request for the rest of an answer: its input is longer, and its output limit is lower. */
export function attributesOfRest(attributes: Attributes, resumable: ResumableAnswer): Attributes {
  const { text, method } = resumable;
  const { inputBoundTokens, maxOutputTokens } = attributes;
  const repeatedTokens = method === "anchor" ? estimateTokens(anchorOf(text)) : 0;
  return {
    ...attributes,
    inputBoundTokens: inputBoundTokens + inputBound(resumeMessages(resumable)),
    maxOutputTokens:
      maxOutputTokens === undefined
        ? undefined
        : Math.max(1, maxOutputTokens - estimateTokens(text)) + repeatedTokens,
  };
}
