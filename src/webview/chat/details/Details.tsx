import * as l10n from "@vscode/l10n";
import type { AnswerSummary, Attempt, Decision } from "../../../contract/view/types.ts";
import {
  describeAttempt,
  describeAttemptCost,
  describePurpose,
  describeSkippedEvents,
} from "../../../explain/attempts.ts";
import { factsOf } from "../../../explain/decision/facts.ts";
import { describeSkippedEmbedder } from "../../../explain/decision/routes.ts";
import { whySentences } from "../../../explain/decision/why.ts";
import { formatDuration, formatMoney, formatMoneyRange } from "../../../explain/format.ts";
import { describeAnswerCost } from "../../../explain/money.ts";
import { Icon, IconButton } from "../../ui/buttons.tsx";
import { useStore } from "../state/store.ts";
import { Candidates } from "./Candidates.tsx";
import { ModelLock } from "./ModelLock.tsx";

type DetailsProps = {
  readonly id: string;
  readonly turnId: string;
  readonly decision: Decision;
  readonly decidedInMs: number | undefined;
  readonly summary: AnswerSummary;
  readonly isLast: boolean;
};

/** “Why this model?”: the reason in a sentence, then everything that led to the decision, with its figures. */
export function Details({ id, turnId, decision, decidedInMs, summary, isLast }: DetailsProps) {
  const store = useStore();
  const question = summary.modelUsed === undefined ? l10n.t("Why?") : l10n.t("Why this model?");
  const copy = () => {
    store.post({ type: "copyDecision", turnId });
    store.announcement.value = l10n.t("Copied");
  };
  return (
    <section class="sy-why" id={id} aria-label={question}>
      <div class="sy-why-head">
        <h2>{question}</h2>
        <IconButton
          icon="copy"
          name={l10n.t("Copy decision")}
          title={l10n.t("Copy this decision as JSON")}
          onClick={copy}
        />
      </div>
      <p>{whySentences(decision, summary, store.names.value).join(" ")}</p>
      <ModelLock decision={decision} summary={summary} />
      <Facts decision={decision} decidedInMs={decidedInMs} />
      <Candidates decision={decision} summary={summary} isLast={isLast} />
      {summary.attempts.length > 0 && <CostTable decision={decision} summary={summary} />}
      <Attempts attempts={summary.attempts} />
    </section>
  );
}

/** What was found in the prompt, and what the model was picked by. */
function Facts({ decision, decidedInMs }: Pick<DetailsProps, "decision" | "decidedInMs">) {
  const skippedEmbedder = describeSkippedEmbedder(decision);
  return (
    <>
      <h3>{l10n.t("What matched")}</h3>
      <dl class="sy-facts">
        {factsOf(decision, decidedInMs, useStore().names.value).map(({ name, value, isMinor }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={isMinor ? "sy-quiet-text" : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      {skippedEmbedder !== undefined && <p class="sy-why-more sy-quiet-text">{skippedEmbedder}</p>}
    </>
  );
}

/** Expected and actual tokens and cost. */
function CostTable({ decision, summary }: Pick<DetailsProps, "decision" | "summary">) {
  const { usage, cost, wouldCostNanoUsd } = summary;
  const first = decision.outcome.kind === "chosen" ? decision.outcome.chain[0] : undefined;
  const rows: [name: string, expected: string, actual: number | undefined][] = [
    [l10n.t("Input tokens"), formatCount(decision.expectedInputTokens), usage?.inputTokens],
    [l10n.t("Cached input"), formatCount(expectedFromCache(decision)), usage?.cacheReadTokens],
    [l10n.t("Output tokens"), formatExpectedOutput(decision), usage?.outputTokens],
  ];
  if (usage !== undefined && usage.reasoningTokens > 0) {
    rows.push([l10n.t("of these reasoning"), formatCount(undefined), usage.reasoningTokens]);
  }
  return (
    <>
      <h3>{l10n.t("Cost")}</h3>
      <table class="sy-figures">
        <thead>
          <tr>
            <td />
            <th scope="col">{l10n.t("Expected")}</th>
            <th scope="col">{l10n.t("Actual")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, expected, actual]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{expected}</td>
              <td>{formatCount(actual)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{l10n.t("Cost")}</th>
            <td>
              {first?.simulated === true
                ? l10n.t("free")
                : formatExpectedCost(first?.expectedNanoUsd, decision)}
            </td>
            <td>{cost.kind === "unknown" ? l10n.t("unknown") : describeAnswerCost(summary)}</td>
          </tr>
        </tbody>
      </table>
      {wouldCostNanoUsd !== undefined && (
        <p class="sy-why-more sy-quiet-text">
          {l10n.t("The simulator is free. At its list prices this answer would cost {cost}.", {
            cost: formatMoney(wouldCostNanoUsd),
          })}
        </p>
      )}
    </>
  );
}

/** Known only where the conversation had a warm cache: a model that it switched to has nothing cached yet. */
function expectedFromCache({ affinity }: Decision): number | undefined {
  if (affinity === undefined) return undefined;
  return affinity.kind === "stayed" ? affinity.cachedTokens : 0;
}

function formatCount(tokens: number | undefined): string {
  return tokens === undefined ? "–" : tokens.toLocaleString();
}

/** The middle, and the range of nine of ten answers: `600 (200–1,900)`. */
function formatExpectedOutput({ expectedOutputTokens, expectedOutputRange }: Decision): string {
  const middle = formatCount(expectedOutputTokens);
  if (expectedOutputRange === undefined) return middle;
  const { low, high } = expectedOutputRange;
  return l10n.t("{middle} ({low}–{high})", { middle, low: formatCount(low), high: formatCount(high) });
}

function formatExpectedCost(amount: number | undefined, { expectedCostRange }: Decision): string {
  if (amount === undefined) return l10n.t("unknown");
  if (amount === 0) return l10n.t("free");
  const middle = formatMoney(amount);
  if (expectedCostRange === undefined) return middle;
  const { lowNanoUsd, highNanoUsd } = expectedCostRange;
  return l10n.t("{middle} ({range})", { middle, range: formatMoneyRange(lowNanoUsd, highNanoUsd) });
}

/** Every call of a model, in order. */
function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <>
      <h3>{l10n.t("Attempts")}</h3>
      <ol class="sy-steps">
        {attempts.map((attempt, index) => (
          <li key={attempt.startedMs}>
            <OutcomeIcon outcome={attempt.outcome} />
            <span>{attempt.ref}</span>
            <span class="sy-num" title={l10n.t("Time from the start of the request")}>
              {formatDuration(attempt.startedMs)}
            </span>
            <span class="sy-reason">
              {describePurpose(attempt)} {describeAttempt(attempt, isRetryOf(attempts[index - 1], attempt))}{" "}
              {describeSkippedEvents(attempt)}
              {attempt.outcome.kind !== "answered" && describeAttemptCost(attempt)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function OutcomeIcon({ outcome }: Pick<Attempt, "outcome">) {
  switch (outcome.kind) {
    case "answered":
      return <Icon name="pass-filled" state="sy-is-good" />;
    case "not-resumed":
      return <Icon name="circle-slash" />;
    case "failed":
      return outcome.failure.kind === "cancelled" ? (
        <Icon name="debug-stop" />
      ) : (
        <Icon name="error" state="sy-is-error" />
      );
  }
}

function isRetryOf(before: Attempt | undefined, attempt: Attempt): boolean {
  return before?.ref === attempt.ref && before.resumeMethod === attempt.resumeMethod;
}
