import * as l10n from "@vscode/l10n";
import type { AnswerSummary, Attempt } from "../contract/answer.ts";
import type { Decision } from "../contract/decision.ts";
import type { FailureRecord } from "../contract/failure.ts";
import type { ModelRef } from "../contract/model.ts";
import type { Skipped } from "../contract/skipped.ts";
import { describeSkipped } from "./decision/skipped.ts";
import { describeFailure, quoteFailure } from "./failures.ts";
import { formatDuration, formatList, lowerFirst } from "./format.ts";
import { describeCost } from "./money.ts";
import { type ModelNames, providerOf } from "./names.ts";

/** A sentence lists up to this many models; the details panel lists all. */
const MAX_LISTED = 3;

/** How an attempt that resumed a partial answer was asked to do so; undefined for every other attempt. */
export function describePurpose({ resumeMethod }: Attempt): string | undefined {
  if (resumeMethod === undefined) return undefined;
  return resumeMethod === "prefill"
    ? l10n.t("Given the partial answer as the beginning of its own.")
    : l10n.t("Asked to continue the partial answer from its last words.");
}

/** How an attempt ended: “Overloaded (529) after 0.4 s.” `isRetry`: it repeats the attempt before it. */
export function describeAttempt({ outcome, tookMs, firstTokenMs, usage }: Attempt, isRetry: boolean): string {
  switch (outcome.kind) {
    case "not-resumed":
      return l10n.t("Answered, but did not continue the partial answer: none of it was shown.");
    case "failed": {
      const failure = describeFailure(outcome.failure);
      const time = formatDuration(tookMs);
      return isRetry
        ? l10n.t("Tried again: {failure} after {time}.", { failure: lowerFirst(failure), time })
        : l10n.t("{failure} after {time}.", { failure, time });
    }
    case "answered": {
      if (firstTokenMs === undefined) return l10n.t("Answered in {time}.", { time: formatDuration(tookMs) });
      const first = formatDuration(firstTokenMs);
      const writingSeconds = (tookMs - firstTokenMs) / 1000;
      const rate =
        usage === undefined || writingSeconds < 0.05 ? 0 : Math.round(usage.outputTokens / writingSeconds);
      return rate > 0
        ? l10n.t("Answered: first text after {first}, then {rate}\u00a0tokens/s.", {
            first,
            rate: rate.toLocaleString(),
          })
        : l10n.t("Answered: first text after {first}.", { first });
    }
  }
}

/** How many events of an answer's stream were skipped; undefined if none. */
export function describeSkippedEvents({ outcome }: Attempt): string | undefined {
  if (outcome.kind !== "answered" || outcome.skippedEvents === undefined) return undefined;
  const { skippedEvents } = outcome;
  return skippedEvents === 1
    ? l10n.t("One event of its stream could not be read, and held no text.")
    : l10n.t("{count} events of its stream could not be read, and held no text.", {
        count: skippedEvents.toLocaleString(),
      });
}

/** What an attempt cost, as a sentence. */
export function describeAttemptCost({ cost }: Attempt): string {
  if (cost.kind === "unknown") return l10n.t("Cost unknown.");
  return cost.nanoUsd === 0
    ? l10n.t("Not charged.")
    : l10n.t("Charged {cost}.", { cost: describeCost(cost) });
}

/**
 * The other models that were tried before the last one, and the candidates that were skipped; one sentence each. Those that
 * were skipped because of the failure that ended the answer are left out.
 */
export function describeOtherModels(
  decision: Decision | undefined,
  { attempts, notCalled = [], ending }: AnswerSummary,
  names: ModelNames,
): string[] {
  const failure = ending.kind === "failed" ? ending.failure : undefined;
  const last = attempts.at(-1)?.ref;
  const tried = attempts.flatMap(({ ref, outcome }) => {
    if (outcome.kind === "answered" || ref === last) return [];
    const reason =
      outcome.kind === "not-resumed"
        ? l10n.t("did not continue the answer")
        : (outcome.failure.status?.toString() ?? lowerFirst(describeFailure(outcome.failure)));
    return [l10n.t("{model} ({reason})", { model: names(ref), reason })];
  });
  const skipped = [...(decision?.skipped ?? []), ...notCalled].filter(
    (candidate) => failure === undefined || !isSkippedBecauseOf(candidate, failure),
  );
  return [
    ...(tried.length > 0
      ? [l10n.t("Also tried: {models}.", { models: shortList([...new Set(tried)]) })]
      : []),
    ...(skipped.length > 0
      ? [l10n.t("Not asked: {models}.", { models: listSkipped(skipped, decision?.atMs ?? 0, names) })]
      : []),
  ];
}

/** Whether a failure alone says why a candidate was skipped: its provider has the same key, server or network. */
function isSkippedBecauseOf({ ref, reason }: Skipped, { kind, provider, isOffline }: FailureRecord): boolean {
  if (reason === "offline") return isOffline === true;
  return (reason === "auth" || reason === "unreachable") && reason === kind && providerOf(ref) === provider;
}

/** Models that were not asked, with the reasons. */
export function listSkipped(skipped: readonly Skipped[], atMs: number, names: ModelNames): string {
  return shortList(
    skipped.map((candidate) =>
      l10n.t("{model} ({reason})", {
        model: names(candidate.ref),
        reason: lowerFirst(describeSkipped(candidate, atMs)),
      }),
    ),
  );
}

/**
 * What the other models that rejected a request said, one sentence each: a request that two models reject is at fault, and
 * either message may show why.
 */
export function describeOtherRejections(
  { attempts }: AnswerSummary,
  failure: FailureRecord,
  names: ModelNames,
): string[] {
  if (failure.kind !== "bad-request") return [];
  return attempts.flatMap(({ ref, outcome }) => {
    if (outcome.kind !== "failed" || outcome.failure.kind !== "bad-request") return [];
    const isShown =
      outcome.failure.provider === failure.provider && outcome.failure.message === failure.message;
    if (isShown) return [];
    return [l10n.t("{model}: {quote}", { model: names(ref), quote: quoteFailure(outcome.failure) })];
  });
}

function shortList(items: readonly string[]): string {
  // “and 1 more” would not be shorter than the item itself.
  if (items.length <= MAX_LISTED + 1) return formatList(items);
  return l10n.t("{models} and {count} more", {
    models: formatList(items.slice(0, MAX_LISTED)),
    count: items.length - MAX_LISTED,
  });
}

/** The model whose failure ended an answer: the one whose text is shown if it had that failure, else the last that had it. */
export function failedModel(
  { attempts, modelUsed }: AnswerSummary,
  failure: FailureRecord,
): ModelRef | undefined {
  const failed = attempts.filter((attempt) => hasFailure(attempt, failure)).map(({ ref }) => ref);
  const isShown = modelUsed !== undefined && (failed.length === 0 || failed.includes(modelUsed));
  return isShown ? modelUsed : (failed.at(-1) ?? attempts.at(-1)?.ref);
}

function hasFailure({ outcome }: Attempt, { kind, provider, message }: FailureRecord): boolean {
  if (outcome.kind !== "failed") return false;
  const { failure } = outcome;
  return failure.kind === kind && failure.provider === provider && failure.message === message;
}

/** Whether other models were asked to continue the answer that is shown, and none did. */
export function failedToResume({ attempts, modelUsed }: AnswerSummary): boolean {
  const broken = attempts.findLastIndex(({ ref }) => ref === modelUsed);
  return attempts.slice(broken + 1).some(({ resumeMethod }) => resumeMethod !== undefined);
}

/** The model that wrote an answer: the one that was asked, unless its provider used another one. */
export function answeringModel({ attempts, modelUsed }: AnswerSummary): ModelRef | undefined {
  return attempts.findLast(({ ref }) => ref === modelUsed)?.answeredBy ?? modelUsed;
}
