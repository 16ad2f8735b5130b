import * as vscode from "vscode";
import type { ModelRef } from "../../contract/model.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { Connections } from "../../providers/connections.ts";
import type { SpendWatch } from "../budget/spendWatch.ts";
import type { SettingsSource } from "../settings/settingsSource.ts";
import { itemText } from "./itemText.ts";
import { showMenu } from "./menu.ts";
import { firstEndOf, pausedIn, refusedIn, type StatusState, switchedOffIn } from "./state.ts";
import { tooltip } from "./tooltip.ts";

export type StatusBarDeps = {
  readonly ledger: () => Promise<Ledger>;
  readonly spend: SpendWatch;
  readonly settings: SettingsSource;
  readonly connections: Connections;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
};

/** A timer that should run longer goes off at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The one item in the status bar: the model of the last answer, today's spend, and a warning while a model is paused. */
export class StatusBar implements vscode.Disposable {
  readonly #deps: StatusBarDeps;
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: (() => void)[] = [];
  #state: StatusState = { busy: false, simulated: false, paused: [], refused: [], switchedOff: [] };
  #nextLook: NodeJS.Timeout | undefined;

  constructor(deps: StatusBarDeps) {
    this.#deps = deps;
    this.#item = vscode.window.createStatusBarItem("switchyard.status", vscode.StatusBarAlignment.Right, 100);
    this.#item.name = "Switchyard";
    this.#item.command = "switchyard.showMenu";
    this.#show();
    this.#item.show();
  }

  /** Shows what is known once the ledger is open, and keeps it up to date. */
  async start({ health }: Ledger): Promise<void> {
    const refresh = () => void this.refresh().catch(this.#deps.onError);
    const spend = this.#deps.spend.onDidChange(refresh);
    this.#subscriptions.push(() => spend.dispose(), health.onDidChange(refresh));
    await this.refresh();
  }

  /** The model of the last answer. */
  async answered(model: ModelRef): Promise<void> {
    this.#state = { ...this.#state, lastModel: model };
    await this.refresh();
  }

  setBusy(busy: boolean): void {
    this.#state = { ...this.#state, busy };
    this.#show();
  }

  /** Looks at everything again and shows it. */
  async refresh(): Promise<void> {
    const { ledger, spend, settings, connections, now } = this.#deps;
    const health = await (await ledger()).health.snapshot();
    const { budgetNanoUsd } = spend.view;
    const warnAt = settings.current.budget.warnAt.toSorted((a: number, b: number) => a - b)[0];
    const simulated = await connections.onlySimulated();
    const { busy, lastModel } = this.#state;
    this.#state = {
      busy,
      simulated,
      paused: pausedIn(health, now()),
      refused: refusedIn(health, await connections.all()),
      switchedOff: switchedOffIn(health),
      ...(lastModel === undefined ? {} : { lastModel }),
      ...(spend.today === undefined ? {} : { spend: spend.today }),
      ...(budgetNanoUsd === undefined ? {} : { budgetNanoUsd }),
      ...(warnAt === undefined ? {} : { warnAt }),
    };
    this.#show();
  }

  async showMenu(): Promise<void> {
    await this.refresh();
    const all = [...(await this.#deps.connections.all()).values()];
    const keys = all.filter(({ keySource }) => keySource !== undefined).map(({ name }) => name);
    await showMenu(this.#state, keys, this.#deps.now());
  }

  dispose(): void {
    clearTimeout(this.#nextLook);
    for (const stop of this.#subscriptions) stop();
    this.#item.dispose();
  }

  #show(): void {
    const { text, accessibleName, spent } = itemText(this.#state, {
      auto: vscode.l10n.t("Auto"),
      simulator: vscode.l10n.t("Simulator"),
      free: vscode.l10n.t("free"),
      today: (sum) => vscode.l10n.t("{spent} today", { spent: sum }),
      budgetSpent: vscode.l10n.t("budget spent"),
      nameWithBudget: (model, sum, budget) =>
        vscode.l10n.t("Switchyard, {model}, {spent} of {budget} spent today", { model, spent: sum, budget }),
      nameWithoutBudget: (model, sum) =>
        vscode.l10n.t("Switchyard, {model}, {spent} spent today", { model, spent: sum }),
      paused: (models) => vscode.l10n.t("Paused: {models}", { models }),
      refused: (providers) => vscode.l10n.t("Key not accepted: {providers}", { providers }),
    });
    this.#item.text = text;
    this.#item.accessibilityInformation = { label: accessibleName };
    this.#item.backgroundColor = spent ? new vscode.ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.tooltip = tooltip(this.#state, this.#deps.now());
    this.#lookAgain();
  }

  /** A pause ends without anybody telling: the item looks again when the first one does. */
  #lookAgain(): void {
    clearTimeout(this.#nextLook);
    const endsAtMs = firstEndOf(this.#state.paused);
    if (endsAtMs === undefined) return;
    const inMs = Math.min(LONGEST_TIMER_MS, Math.max(0, endsAtMs - this.#deps.now()));
    this.#nextLook = setTimeout(() => void this.refresh().catch(this.#deps.onError), inMs);
  }
}
