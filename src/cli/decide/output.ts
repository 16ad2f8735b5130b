/** The output of `decide`: a line per prompt, and the summary. */
import { type Decision, routeName } from "../../contract/decision.ts";
import { NANO_PER_USD, type NanoUsd } from "../../contract/money.ts";
import type { Skipped } from "../../contract/skipped.ts";
import { formatMoney } from "../../explain/format.ts";
import { reasonsOf } from "../../routing/explain.ts";
import type { Reason } from "../../routing/reasons.ts";

/** The decision about one prompt. */
export type OutputLine = {
  readonly line: number;
  /** The name of the route; `derived:high`, `derived:medium` or `derived:low` if no route of the settings matched. */
  readonly route: string;
  /** The model that would answer; null if the prompt would not be sent. */
  readonly model: string | null;
  /** The model and its fallbacks, in order. */
  readonly chain: readonly string[];
  /** What the route was matched with: the prompt's own complexity, or the one that its conversation holds. */
  readonly complexity: "low" | "medium" | "high";
  readonly complexityScore: number;
  /** The arm of the route's experiment; null without an experiment. */
  readonly variant: "control" | "treatment" | null;
  /** Null if the prompt would not be sent, or the price is unknown. */
  readonly expectedCostUsd: number | null;
  readonly expectedInputTokens: number;
  readonly expectedOutputTokens: number;
  readonly reasons: readonly Reason[];
  readonly skipped: readonly SkippedModel[];
};

type SkippedModel = Skipped extends infer S
  ? S extends Skipped
    ? Omit<S, "ref"> & { readonly model: string }
    : never
  : never;

/** The output line of a decision. */
export function outputLine(line: number, decision: Decision): OutputLine {
  const { features, held, outcome, experiment, expectedInputTokens, expectedOutputTokens } = decision;
  const chain = outcome.kind === "chosen" ? outcome.chain : [];
  const [first] = chain;
  const cost = first?.expectedNanoUsd;
  return {
    line,
    route: routeName(decision.route),
    model: first?.ref ?? null,
    chain: chain.map(({ ref }) => ref),
    complexity: (held ?? features.complexity).level,
    complexityScore: (held ?? features.complexity).score,
    variant: experiment?.arm ?? null,
    expectedCostUsd: cost === undefined ? null : cost / NANO_PER_USD,
    expectedInputTokens,
    expectedOutputTokens,
    reasons: reasonsOf(decision),
    skipped: decision.skipped.map(({ ref: model, ...reason }) => ({ model, ...reason })),
  };
}

type Row = { readonly route: string; readonly model: string; prompts: number; usd: number; unpriced: number };

/** Counts prompts and adds up expected costs, by route and model. */
export class Summary {
  readonly #rows = new Map<string, Row>();
  #invalidLines = 0;

  get invalidLines(): number {
    return this.#invalidLines;
  }

  add({ route, model, expectedCostUsd }: Pick<OutputLine, "route" | "model" | "expectedCostUsd">): void {
    const key = JSON.stringify([route, model]);
    const row = this.#rows.get(key) ?? {
      route,
      model: model ?? "(not sent)",
      prompts: 0,
      usd: 0,
      unpriced: 0,
    };
    row.prompts += 1;
    if (expectedCostUsd === null) row.unpriced += model === null ? 0 : 1;
    else row.usd += expectedCostUsd;
    this.#rows.set(key, row);
  }

  addInvalidLine(): void {
    this.#invalidLines += 1;
  }

  /** A table by number of prompts, with the totals in its last row. */
  text(): string {
    const rows = [...this.#rows.values()].sort((a, b) => b.prompts - a.prompts);
    const total: Row = { route: "total", model: "", prompts: 0, usd: 0, unpriced: 0 };
    for (const { prompts, usd, unpriced } of rows) {
      total.prompts += prompts;
      total.usd += usd;
      total.unpriced += unpriced;
    }
    const cells = [
      ["route", "model", "prompts", "expected cost"],
      ...[...rows, total].map((row) => [row.route, row.model, String(row.prompts), costText(row)]),
    ];
    const invalid = this.#invalidLines === 1 ? "1 invalid line" : `${this.#invalidLines} invalid lines`;
    return tableText(cells, 2) + (this.#invalidLines > 0 ? `${invalid}\n` : "");
  }
}

function costText({ usd, unpriced }: Row): string {
  return sumText(Math.round(usd * NANO_PER_USD), unpriced);
}

/** A sum, and how many parts it lacks: `$0.50 and 1 of unknown price`. */
export function sumText(sum: NanoUsd, unpriced: number): string {
  return unpriced === 0 ? formatMoney(sum) : `${formatMoney(sum)} and ${unpriced} of unknown price`;
}

/** Rows of cells as lines of text, with aligned columns. @param numbers the index of a column of numbers */
export function tableText(rows: readonly (readonly string[])[], numbers: number): string {
  const widthOf = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const lines = rows.map((row) =>
    row
      .map((cell, at) => (at === numbers ? cell.padStart(widthOf(at)) : cell.padEnd(widthOf(at))))
      .join("  ")
      .trimEnd(),
  );
  return lines.map((line) => `${line}\n`).join("");
}
