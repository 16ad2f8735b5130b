import * as vscode from "vscode";
import type { ModelRef } from "../../contract/model.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import type { ProviderRegistry } from "../../providers/registry/providerRegistry.ts";
import type { SpendWatch } from "../budget/spendWatch.ts";
import { registerCommands } from "../commands.ts";
import { firstEndOf, pausedIn, rejectedKeysIn, switchedOffIn } from "../models/modelHealth.ts";
import type { SettingsSource } from "../settings/settingsSource.ts";
import { itemText, type StatusState } from "./itemText.ts";
import { showMenu } from "./menu.ts";
import { tooltip } from "./tooltip.ts";

export type StatusBarDeps = {
  readonly ledger: () => Promise<Ledger>;
  readonly spend: SpendWatch;
  readonly settings: SettingsSource;
  readonly providers: () => Promise<Pick<ProviderRegistry, "onlySimulated" | "all">>;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
};

/** A longer delay makes a timer fire at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The status bar item: the model of the last answer, today's spend, and a warning while a model is paused. */
export class StatusBar implements vscode.Disposable {
  readonly #deps: StatusBarDeps;
  readonly #item: vscode.StatusBarItem;
  readonly #menuCommand: vscode.Disposable;
  readonly #subscriptions: (() => void)[] = [];
  #state: StatusState = { busy: false, simulated: false, paused: [], rejectedKeys: [], switchedOff: [] };
  #refreshTimer: NodeJS.Timeout | undefined;

  constructor(deps: StatusBarDeps) {
    this.#deps = deps;
    this.#item = vscode.window.createStatusBarItem("switchyard.status", vscode.StatusBarAlignment.Right, 100);
    this.#item.name = "Switchyard";
    this.#item.command = "switchyard.showMenu";
    this.#menuCommand = registerCommands({ showMenu: () => this.#showMenu() });
    this.#render();
    this.#item.show();
  }

  /** Shows the ledger's state once it is open, and again at each change. */
  async start({ health }: Ledger): Promise<void> {
    const refresh = () => void this.refresh().catch(this.#deps.onError);
    const spend = this.#deps.spend.onDidChange(refresh);
    this.#subscriptions.push(() => spend.dispose(), health.onDidChange(refresh));
    await this.refresh();
  }

  /** Shows the model of the last answer. */
  async setLastModel(lastModel: ModelRef): Promise<void> {
    this.#state = { ...this.#state, lastModel };
    await this.refresh();
  }

  setBusy(busy: boolean): void {
    this.#state = { ...this.#state, busy };
    this.#render();
  }

  /** Reads the state of ledger, settings and providers again, and shows it. */
  async refresh(): Promise<void> {
    const { ledger, spend, settings, now } = this.#deps;
    const providers = await this.#deps.providers();
    const health = await (await ledger()).health.snapshot();
    const simulated = await providers.onlySimulated();
    const configured = await providers.all();
    const { warnAt } = settings.current.budget;
    this.#state = {
      ...this.#state,
      simulated,
      spend: spend.today,
      budgetNanoUsd: spend.view.budgetNanoUsd,
      warnAt: warnAt.length === 0 ? undefined : Math.min(...warnAt),
      paused: pausedIn(health, now()),
      rejectedKeys: rejectedKeysIn(health, configured),
      switchedOff: switchedOffIn(health),
    };
    this.#render();
    // Commands for demonstrations are offered only while the simulator answers.
    await vscode.commands.executeCommand("setContext", "switchyard.simulatorAnswers", simulated);
  }

  dispose(): void {
    clearTimeout(this.#refreshTimer);
    for (const unsubscribe of this.#subscriptions) unsubscribe();
    this.#menuCommand.dispose();
    this.#item.dispose();
  }

  async #showMenu(): Promise<void> {
    await this.refresh();
    const all = [...(await (await this.#deps.providers()).all()).values()];
    const keys = all.filter(({ keySource }) => keySource !== undefined).map(({ name }) => name);
    await showMenu(this.#state, keys, this.#deps.now());
  }

  #render(): void {
    const { text, accessibleName, isSpent } = itemText(this.#state);
    this.#item.text = text;
    this.#item.accessibilityInformation = { label: accessibleName };
    this.#item.backgroundColor = isSpent
      ? new vscode.ThemeColor("statusBarItem.warningBackground")
      : undefined;
    this.#item.tooltip = tooltip(this.#state, this.#deps.now());
    this.#refreshWhenPauseEnds();
  }

  /** The end of a pause is not announced by the ledger, so a timer waits for it. */
  #refreshWhenPauseEnds(): void {
    clearTimeout(this.#refreshTimer);
    const endsAtMs = firstEndOf(this.#state.paused);
    if (endsAtMs === undefined) return;
    const inMs = Math.min(LONGEST_TIMER_MS, Math.max(0, endsAtMs - this.#deps.now()));
    this.#refreshTimer = setTimeout(() => void this.refresh().catch(this.#deps.onError), inMs);
  }
}
