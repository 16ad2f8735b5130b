import { t } from "@vscode/l10n";
import type { AnswerSummary, Decision } from "../../../contract/view/shown.ts";
import { formatMoney } from "../../../explain/format.ts";
import { describeCost } from "../../../explain/money.ts";

type CostTableProps = { readonly decision: Decision; readonly summary: AnswerSummary };

/** What it was expected to cost, and what it cost. */
export function CostTable({ decision, summary }: CostTableProps) {
  const { usage, cost, wouldCostNanoUsd } = summary;
  const first = decision.outcome.kind === "chosen" ? decision.outcome.chain[0] : undefined;
  const rows: [name: string, expected: number | undefined, real: number | undefined][] = [
    [t("Input tokens"), decision.expectedInputTokens, usage?.inputTokens],
    [t("of these from cache"), expectedFromCache(decision), usage?.cacheReadTokens],
    [t("Output tokens"), decision.expectedOutputTokens, usage?.outputTokens],
  ];
  if (usage !== undefined && usage.reasoningTokens > 0) {
    rows.push([t("of these reasoning"), undefined, usage.reasoningTokens]);
  }
  return (
    <>
      <h3>{t("Cost")}</h3>
      <table class="sy-figures">
        <thead>
          <tr>
            <td />
            <th scope="col">{t("Expected")}</th>
            <th scope="col">{t("Real")}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(([name, expected, real]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{figure(expected)}</td>
              <td>{figure(real)}</td>
            </tr>
          ))}
          <tr>
            <th scope="row">{t("Cost")}</th>
            <td>{expectedCost(first?.simulated === true ? 0 : first?.expectedNanoUsd)}</td>
            <td>{cost.kind === "unknown" ? t("unknown") : describeCost(cost)}</td>
          </tr>
        </tbody>
      </table>
      {wouldCostNanoUsd !== undefined && (
        <p class="sy-why-more sy-quiet-text">
          {t("The simulator is free. At its list prices this answer would cost {cost}.", {
            cost: formatMoney(wouldCostNanoUsd),
          })}
        </p>
      )}
    </>
  );
}

/** Known where staying with a warm cache was weighed: whoever is switched to has nothing of it yet. */
function expectedFromCache({ affinity }: Decision): number | undefined {
  if (affinity === undefined) return undefined;
  return affinity.kind === "stayed" ? affinity.cachedTokens : 0;
}

function figure(tokens: number | undefined): string {
  return tokens === undefined ? "–" : tokens.toLocaleString();
}

function expectedCost(amount: number | undefined): string {
  if (amount === undefined) return t("unknown");
  return amount === 0 ? t("free") : formatMoney(amount);
}
