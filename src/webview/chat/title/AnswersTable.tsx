import * as l10n from "@vscode/l10n";
import type { ConversationBudget } from "../../../contract/view/statusMessages.ts";
import type { AnswerSummary } from "../../../contract/view/types.ts";
import { formatDuration, formatMoney, formatTokens } from "../../../explain/format.ts";
import { describeAnswerCost } from "../../../explain/money.ts";
import {
  describeTotalCost,
  sumTokens,
  type TokenTotals,
  tokensOf,
  totalsOf,
} from "../../../explain/totals.ts";
import { revealTurn } from "../conversation/scrolling.ts";
import { modelOf } from "../state/reducer.ts";
import { type TurnModel, useStore } from "../state/store.ts";

type AnswerRow = {
  readonly turnId: string;
  readonly prompt: string;
  readonly model: string | undefined;
  readonly summary: AnswerSummary;
};

/** The answers that were given, or cost something, in their order. */
export function answersOf(turns: readonly TurnModel[]): readonly AnswerRow[] {
  return turns.flatMap((model): AnswerRow[] => {
    const { id, prompt, answer } = model.turn.value;
    const { summary } = answer;
    if (summary === undefined || summary.ending.kind === "not-sent") return [];
    return [{ turnId: id, prompt: prompt.text, model: modelOf(model.turn.value), summary }];
  });
}

type AnswersTableProps = {
  readonly id: string;
  /** What the ledger has of the conversation: more than its answers if others were replaced by them. */
  readonly known: ConversationBudget | null;
};

/** The answers with their tokens, cost and time, and the sums. A row leads to its answer. */
export function AnswersTable({ id, known }: AnswersTableProps) {
  const store = useStore();
  const names = store.names.value;
  const rows = answersOf(store.turns.value);
  const summaries = rows.map(({ summary }) => summary);
  const totals = totalsOf(summaries);
  const replacedNanoUsd = Math.max(0, (known?.spentNanoUsd ?? 0) - totals.nanoUsd);
  const replaced = known?.replaced ?? sumTokens([]);
  const hasReplaced = replacedNanoUsd + replaced.inputTokens + replaced.outputTokens > 0;
  return (
    <section class="sy-answers" id={id} aria-label={l10n.t("Answers")}>
      <table class="sy-figures">
        <thead>
          <tr>
            <th scope="col">{l10n.t("Model")}</th>
            <th scope="col">{l10n.t("Input")}</th>
            <th scope="col">{l10n.t("Cached")}</th>
            <th scope="col">{l10n.t("Output")}</th>
            <th scope="col">{l10n.t("Cost")}</th>
            <th scope="col">{l10n.t("Time")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ turnId, prompt, model, summary }) => (
            <tr key={turnId}>
              <th scope="row">
                <button
                  type="button"
                  class="sy-answers-open"
                  title={prompt}
                  onClick={(event) => revealTurn(event.currentTarget, turnId, store)}
                >
                  {model === undefined ? l10n.t("No answer") : names(model)}
                </button>
              </th>
              <TokenCells tokens={tokensOf(summary)} />
              <td>{describeAnswerCost(summary)}</td>
              <td>{formatDuration(summary.tookMs)}</td>
            </tr>
          ))}
          {hasReplaced && (
            <tr>
              <th scope="row">{l10n.t("Replaced answers")}</th>
              <TokenCells tokens={replaced} />
              <td>{formatMoney(replacedNanoUsd)}</td>
              <td>–</td>
            </tr>
          )}
          <tr>
            <th scope="row">{l10n.t("Total")}</th>
            <TokenCells tokens={sumTokens([totals, replaced])} />
            <td>{describeTotalCost({ ...totals, nanoUsd: totals.nanoUsd + replacedNanoUsd })}</td>
            <td>{formatDuration(summaries.reduce((sum, { tookMs }) => sum + tookMs, 0))}</td>
          </tr>
        </tbody>
      </table>
    </section>
  );
}

function TokenCells({ tokens }: { readonly tokens: TokenTotals | undefined }) {
  const cells = [tokens?.inputTokens, tokens?.cachedTokens, tokens?.outputTokens];
  return (
    <>
      {cells.map((count, index) => (
        <td key={`${index}`}>{count === undefined ? "–" : formatTokens(count)}</td>
      ))}
    </>
  );
}
