import * as vscode from "vscode";
import type { Spend } from "../../contract/budget.ts";
import type { Conversation } from "../../contract/conversation.ts";
import type { BudgetView, ConversationBudget } from "../../contract/view/statusMessages.ts";
import { tokenTotalsOf } from "../../explain/totals.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { limitsOf } from "../../routing/snapshot.ts";
import type { SettingsSource } from "../settings/settingsSource.ts";

/** Today's spend against the budget, kept up to date over all windows. */
export class SpendWatch implements vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<Spend>();
  readonly #settings: SettingsSource;
  readonly #ledger: () => Promise<Ledger>;
  readonly #subscriptions: (() => void)[] = [];
  #spend: Spend | undefined;

  /** Fires when today's spend or the budget has changed. */
  readonly onDidChange = this.#changed.event;

  constructor(ledger: () => Promise<Ledger>, settings: SettingsSource) {
    this.#ledger = ledger;
    this.#settings = settings;
  }

  /** Reads today's spend once the ledger is open, and again at each change. */
  async start({ budget }: Ledger, onError: (error: unknown) => void): Promise<void> {
    const refresh = () => void this.refresh().catch(onError);
    const settings = this.#settings.onDidChange(refresh);
    this.#subscriptions.push(budget.onDidChange(refresh), () => settings.dispose());
    await this.refresh();
  }

  /** Undefined until the ledger is open. */
  get today(): Spend | undefined {
    return this.#spend;
  }

  get view(): BudgetView {
    const { dailyNanoUsd } = limitsOf(this.#settings.current);
    return {
      spentNanoUsd: this.#spend?.spentNanoUsd ?? 0,
      unknown: (this.#spend?.unknownAttempts ?? 0) > 0,
      ...(dailyNanoUsd === undefined ? {} : { budgetNanoUsd: dailyNanoUsd }),
    };
  }

  /** What a conversation has cost, and its limit. */
  async conversation({ id, turns }: Pick<Conversation, "id" | "turns">): Promise<ConversationBudget> {
    const { conversationNanoUsd } = limitsOf(this.#settings.current);
    const { budget, history } = await this.#ledger();
    const shown = turns.map((turn) => turn.id);
    return {
      conversationId: id,
      spentNanoUsd: await budget.spent({ kind: "conversation", id }),
      replaced: tokenTotalsOf(await history.hiddenSummaries(id, shown)),
      budgetNanoUsd: conversationNanoUsd ?? null,
    };
  }

  async refresh(): Promise<void> {
    this.#spend = await (await this.#ledger()).budget.today();
    this.#changed.fire(this.#spend);
  }

  dispose(): void {
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#changed.dispose();
  }
}

const DISMISSED_KEY = "switchyard.dismissedWarning";

/** The warning above the chat's input: shown once a day for each threshold of `switchyard.budget.warnAt`. */
export class BudgetWarning {
  readonly #memento: vscode.Memento;
  readonly #today: () => string;
  readonly #thresholds: () => readonly number[];
  #shown: number | null = null;

  constructor(memento: vscode.Memento, today: () => string, thresholds: () => readonly number[]) {
    this.#memento = memento;
    this.#today = today;
    this.#thresholds = thresholds;
  }

  /** Returns the highest threshold that is passed and was not dismissed today, in percent. */
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
    if (this.#shown !== null) await this.#memento.update(DISMISSED_KEY, `${this.#today()} ${this.#shown}`);
  }

  #dismissed(): number {
    const [day, percent] = (this.#memento.get<string>(DISMISSED_KEY) ?? "").split(" ");
    return day === this.#today() ? Number(percent) : 0;
  }
}
