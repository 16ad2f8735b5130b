import { t } from "@vscode/l10n";
import type { AnswerSummary, ChainStep } from "../../contract/view/shown.ts";
import { expectedWords } from "./money.ts";

type Tried = "answered" | "failed" | "not";

/** What became of a step of the chain, and the figures it was judged by. */
export function candidateWords(
  step: ChainStep,
  index: number,
  { attempts }: AnswerSummary,
): { readonly tried: Tried; readonly words: string } {
  const own = attempts.filter(({ ref }) => ref === step.ref);
  const failures = own.filter(({ outcome }) => outcome.kind === "failed").length;
  const tried = own.length === 0 ? "not" : failures < own.length ? "answered" : "failed";
  return {
    tried,
    words: t("{what}. {figures}.", { what: what(tried, index === 0, failures), figures: figures(step) }),
  };
}

function what(tried: Tried, isFirst: boolean, failures: number): string {
  switch (tried) {
    case "answered":
      return isFirst ? t("First choice, answered") : t("Next in order, answered");
    case "failed":
      if (failures === 1) return isFirst ? t("First choice, failed") : t("Next in order, failed");
      if (failures === 2) return isFirst ? t("First choice, failed twice") : t("Next in order, failed twice");
      return isFirst
        ? t("First choice, failed {count} times", { count: failures })
        : t("Next in order, failed {count} times", { count: failures });
    case "not":
      return isFirst ? t("First choice, not asked") : t("Next in order, not needed");
  }
}

function figures({ expectedNanoUsd, quality, simulated }: ChainStep): string {
  const cost = simulated === true ? t("free") : expectedWords(expectedNanoUsd);
  const Cost = cost.charAt(0).toLocaleUpperCase() + cost.slice(1);
  return quality === undefined
    ? t("{cost}, quality not known", { cost: Cost })
    : t("{cost}, quality {quality}", { cost: Cost, quality: quality.toFixed(2) });
}
