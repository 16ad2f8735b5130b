import * as vscode from "vscode";
import type { Spend } from "../../contract/budget.ts";
import type { BudgetView } from "../../contract/view/protocol.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { limitsOf } from "../../routing/snapshot.ts";
import type { SettingsSource } from "../settings/settingsSource.ts";

/** Today's spend against the budget, kept up to date over all windows. */
export class SpendWatch implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Spend>();
  readonly #settings: SettingsSource;
  readonly #ledger: () => Promise<Ledger>;
  readonly #stop: (() => void)[] = [];
  #spend: Spend | undefined;

  /** Fires when what was spent, or the budget, has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(ledger: () => Promise<Ledger>, settings: SettingsSource) {
    this.#ledger = ledger;
    this.#settings = settings;
  }

  /** Looks at today's spend once the ledger is open, and again whenever it or the budget changes. */
  async start({ budget }: Ledger, onError: (error: unknown) => void): Promise<void> {
    const refresh = () => void this.refresh().catch(onError);
    const subscription = this.#settings.onDidChange(refresh);
    this.#stop.push(budget.onDidChange(refresh), () => subscription.dispose());
    await this.refresh();
  }

  get today(): Spend | undefined {
    return this.#spend;
  }

  /** As the faces show it. */
  get view(): BudgetView {
    const { dailyNanoUsd } = limitsOf(this.#settings.current);
    return {
      spentNanoUsd: this.#spend?.spentNanoUsd ?? 0,
      unknown: (this.#spend?.unknownAttempts ?? 0) > 0,
      ...(dailyNanoUsd === undefined ? {} : { budgetNanoUsd: dailyNanoUsd }),
    };
  }

  async refresh(): Promise<void> {
    this.#spend = await (await this.#ledger()).budget.today();
    this.#changed.fire(this.#spend);
  }

  dispose(): void {
    for (const stop of this.#stop) stop();
    this.#changed.dispose();
  }
}
