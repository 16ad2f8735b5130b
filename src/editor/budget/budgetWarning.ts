import type * as vscode from "vscode";
import type { BudgetView } from "../../contract/view/protocol.ts";

const KEY = "switchyard.dismissedWarning";

/** The strip above the input: once per threshold of `switchyard.budget.warnAt` and day, until it is dismissed. */
export class BudgetWarning {
  readonly #memory: vscode.Memento;
  readonly #today: () => string;
  readonly #thresholds: () => readonly number[];
  #shown: number | null = null;

  constructor(memory: vscode.Memento, today: () => string, thresholds: () => readonly number[]) {
    this.#memory = memory;
    this.#today = today;
    this.#thresholds = thresholds;
  }

  /** The highest threshold that is passed and not dismissed today, in percent. */
  percentFor({ spentNanoUsd, budgetNanoUsd }: BudgetView): number | null {
    const passed = this.#thresholds()
      .filter(
        (share) => budgetNanoUsd !== undefined && spentNanoUsd > 0 && spentNanoUsd >= share * budgetNanoUsd,
      )
      .map((share) => Math.round(share * 100));
    const highest = passed.length === 0 ? null : Math.max(...passed);
    this.#shown = highest === null || highest <= this.#dismissed() ? null : highest;
    return this.#shown;
  }

  async dismiss(): Promise<void> {
    if (this.#shown !== null) await this.#memory.update(KEY, `${this.#today()} ${this.#shown}`);
  }

  #dismissed(): number {
    const [day, percent] = (this.#memory.get<string>(KEY) ?? "").split(" ");
    return day === this.#today() ? Number(percent) : 0;
  }
}
