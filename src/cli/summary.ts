import { NANO_PER_USD } from "../contract/money.ts";
import { formatMoney } from "../explain/format.ts";
import type { OutputLine } from "./outputLine.ts";

type Row = { readonly route: string; readonly model: string; prompts: number; usd: number; unpriced: number };

/** Counts prompts and adds up expected costs, by route and model. */
export class Summary {
  readonly #rows = new Map<string, Row>();
  #malformed = 0;

  add({ route, model, expectedCostUsd }: Pick<OutputLine, "route" | "model" | "expectedCostUsd">): void {
    const key = JSON.stringify([route, model]);
    const row = this.#rows.get(key) ?? { route, model: model ?? "nobody", prompts: 0, usd: 0, unpriced: 0 };
    row.prompts += 1;
    if (expectedCostUsd === null) row.unpriced += model === null ? 0 : 1;
    else row.usd += expectedCostUsd;
    this.#rows.set(key, row);
  }

  addMalformed(): void {
    this.#malformed += 1;
  }

  /** A table, the most prompts first, and the sum under it. */
  text(): string {
    const rows = [...this.#rows.values()].sort((a, b) => b.prompts - a.prompts);
    const all = rows.reduce(
      (sum, { prompts, usd, unpriced }) => ({
        prompts: sum.prompts + prompts,
        usd: sum.usd + usd,
        unpriced: sum.unpriced + unpriced,
      }),
      { prompts: 0, usd: 0, unpriced: 0 },
    );
    const cells = [
      ["route", "model", "prompts", "expected cost"],
      ...rows.map((row) => [row.route, row.model, String(row.prompts), costText(row)]),
      ["all", "", String(all.prompts), costText(all)],
    ];
    const widths = [0, 1, 2].map((column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
    const lines = cells.map(([route = "", model = "", prompts = "", cost = ""]) =>
      `${route.padEnd(widths[0] ?? 0)}  ${model.padEnd(widths[1] ?? 0)}  ${prompts.padStart(widths[2] ?? 0)}  ${cost}`.trimEnd(),
    );
    const malformed =
      this.#malformed === 0
        ? []
        : [`${this.#malformed} ${this.#malformed === 1 ? "line" : "lines"} could not be read`];
    return `${[...lines, ...malformed].join("\n")}\n`;
  }
}

function costText({ usd, unpriced }: Pick<Row, "usd" | "unpriced">): string {
  const sum = formatMoney(Math.round(usd * NANO_PER_USD));
  return unpriced === 0 ? sum : `${sum} and ${unpriced} of unknown price`;
}
