/** The parts of the wide contract that the view shows: all that it may know of the floors below the host. */
import type * as answer from "../answer.ts";
import type * as conversation from "../conversation.ts";
import type * as decision from "../decision.ts";
import type * as failure from "../failure.ts";
import type * as features from "../features.ts";
import type * as model from "../model.ts";
import type * as money from "../money.ts";

export type AnswerSummary = answer.AnswerSummary;
export type Attempt = answer.Attempt;
export type BudgetChoice = decision.BudgetChoice;
export type Capability = model.Capability;
export type ChainStep = decision.ChainStep;
export type Complexity = features.Complexity;
export type ComplexityLevel = features.ComplexityLevel;
export type ConversationRow = conversation.ConversationRow;
export type Cost = money.Cost;
export type Decision = decision.Decision;
export type FailureRecord = failure.FailureRecord;
export type FallbackNote = conversation.FallbackNote;
export type ModelRef = model.ModelRef;
export type NanoUsd = money.NanoUsd;
export type PassedOver = decision.PassedOver;
export type PickMethod = decision.PickMethod;
export type RouteMatch = decision.RouteMatch;
export type Stop = decision.Stop;
export type Thumb = conversation.Thumb;
export type UserTier = model.UserTier;
