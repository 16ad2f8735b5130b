import * as l10n from "@vscode/l10n";
import type { AnswerSummary } from "../contract/answer.ts";
import type { Decision } from "../contract/decision.ts";
import type { BlockReason } from "../contract/skipped.ts";
import { failedModel } from "./attempts.ts";
import { describeOutputLimit } from "./broken.ts";
import { failureAdvice, failureTitle, quoteFailure } from "./failures.ts";
import { overLimitTitle } from "./limits.ts";
import { describeOverBudgetFigures } from "./money.ts";
import { type ModelNames, type ProviderNames, providerName } from "./names.ts";

/**
 * Why a request has no complete answer, as sentences for a notification: the words that the chat has for it. Undefined if the
 * answer is complete, or the user stopped it.
 */
export function describeUnanswered(
  decision: Decision | undefined,
  summary: AnswerSummary,
  names: ModelNames,
  providers: ProviderNames,
): string | undefined {
  const { ending } = summary;
  switch (ending.kind) {
    case "complete":
      return ending.limitedBy === undefined ? undefined : describeOutputLimit(ending.limitedBy);
    case "stopped":
      return undefined;
    case "failed": {
      const { failure } = ending;
      const provider = providerName(failure.provider, providers);
      const ref = failedModel(summary, failure);
      const title = failureTitle(failure, { model: ref === undefined ? provider : names(ref), provider });
      return sentences([title, failure.message === "" ? "" : quoteFailure(failure), failureAdvice(failure)]);
    }
    case "not-sent": {
      const { reason } = ending;
      return sentences([notSentTitle(decision, reason), detailOf(reason)]);
    }
  }
}

function detailOf(reason: BlockReason): string | undefined {
  switch (reason.kind) {
    case "over-budget":
      return describeOverBudgetFigures(reason);
    case "no-model-available":
      return undefined;
    case "invalid-route":
      return reason.problem;
  }
}

function sentences(parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== "")
    .map((part) => (/[.!?…]["”]?$/.test(part ?? "") ? part : `${part}.`))
    .join(" ");
}

/** Why a prompt is not sent, as a title. */
export function notSentTitle(
  decision: Pick<Decision, "skipped" | "route"> | undefined,
  reason: BlockReason,
): string {
  switch (reason.kind) {
    case "over-budget":
      return overLimitTitle(reason.limit);
    case "no-model-available":
      return noModelTitle(decision);
    case "invalid-route":
      return l10n.t("The route of this prompt cannot be read");
  }
}

/** The title of a prompt whose candidates were all skipped. */
export function noModelTitle(decision: Pick<Decision, "skipped" | "route"> | undefined): string {
  const { skipped = [], route } = decision ?? {};
  if (route?.kind === "explicit") return l10n.t("The model that you picked cannot answer this now");
  const first = skipped[0]?.reason;
  switch (skipped.every(({ reason }) => reason === first) ? first : undefined) {
    case "capability":
      return skipped.some((each) => each.reason === "capability" && each.missing !== "vision")
        ? l10n.t("No model of this route can answer now")
        : l10n.t("No model of this route can read images");
    case "no-key":
      return l10n.t("No key is set for any model of this route");
    case "invalid-provider":
      return l10n.t("The settings of this route’s providers cannot be used");
    case "context-window":
      return l10n.t("Too long for every model of this route");
    case "private":
      return l10n.t("Private content stays on this machine, and no local model can answer");
    case "breaker-open":
      return l10n.t("Every model of this route is paused");
    case "switched-off":
      return l10n.t("Every model of this route is turned off");
    default:
      return l10n.t("No model of this route can answer now");
  }
}
