import type { ResumeMethod } from "../contract/answer.ts";
import type { Attributes } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import { type Message, textMessage } from "../contract/message.ts";
import type { ModelCard, ModelRef } from "../contract/model.ts";
import { estimateTokens, inputBound } from "../models/tokens.ts";
import { anchorOf } from "./anchor.ts";
import { anchorJoint, type Joint, prefillJoint } from "./joint.ts";

/** An answer that broke after a part of it was shown. */
export type Torn = {
  /** All that was shown. Left out where it cannot be gone on with: a tool was called, or nobody could join it. */
  readonly text?: string;
  readonly from: ModelRef;
  readonly failure: FailureRecord;
};

/** How a torn answer is gone on with. */
export type Continuing = {
  readonly torn: Torn & { readonly text: string };
  readonly means: ResumeMethod;
};

/** The means by which a model can go on with a torn answer, the surest first. */
export function meansOf(card: ModelCard): readonly ResumeMethod[] {
  return card.assistantPrefill ? ["prefill", "anchor"] : ["anchor"];
}

/** What a model is sent after the conversation, so that it goes on. */
export function appendedFor({ torn, means }: Continuing): readonly Message[] {
  // Anthropic refuses an assistant's beginning that ends in white space; the joint puts it right.
  const beginning = textMessage("assistant", torn.text.trimEnd());
  return means === "prefill" ? [beginning] : [beginning, textMessage("user", goOnFrom(torn.text))];
}

/** Where what it answers is joined to what was shown. */
export function jointFor({ torn, means }: Continuing): Joint {
  return means === "prefill" ? prefillJoint(torn.text) : anchorJoint(torn.text);
}

function goOnFrom(text: string): string {
  return [
    "Your answer was cut off. Go on with it exactly where it ends. Begin with its last words, word for word:",
    anchorOf(text),
    "Then go on. Repeat nothing else of it, and add no remark.",
  ].join("\n\n");
}

/** What the request has become: a longer input, and an answer of which a part is there. */
export function attributesOfRest(attributes: Attributes, continuing: Continuing): Attributes {
  const { torn, means } = continuing;
  const { inputBoundTokens, maxOutputTokens } = attributes;
  const repeated = means === "anchor" ? estimateTokens(anchorOf(torn.text)) : 0;
  return {
    ...attributes,
    inputBoundTokens: inputBoundTokens + inputBound(appendedFor(continuing)),
    ...(maxOutputTokens === undefined
      ? {}
      : { maxOutputTokens: Math.max(1, maxOutputTokens - estimateTokens(torn.text)) + repeated }),
  };
}
