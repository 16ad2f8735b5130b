/** The contract types that the view shows. The view imports no other part of the contract. */
import type * as answer from "../answer.ts";
import type * as context from "../context.ts";
import type * as conversation from "../conversation.ts";
import type * as decision from "../decision.ts";
import type * as failure from "../failure.ts";
import type * as model from "../model.ts";
import type * as modelOptions from "../modelOptions.ts";
import type * as skipped from "../skipped.ts";

export type AnswerSummary = answer.AnswerSummary;
export type Attempt = answer.Attempt;
export type BlockReason = skipped.BlockReason;
export type BudgetChoice = skipped.BudgetChoice;
export type ContextChip = context.ContextChip;
export type ConversationRow = conversation.ConversationRow;
export type Decision = decision.Decision;
export type FailureRecord = failure.FailureRecord;
export type FallbackNote = conversation.FallbackNote;
export type ModelChoice = conversation.ModelChoice;
export type ModelOption = modelOptions.ModelOption;
export type LeftOut = context.LeftOut;
export type ModelRef = model.ModelRef;
export type Skipped = skipped.Skipped;
export type Thumb = conversation.Thumb;
