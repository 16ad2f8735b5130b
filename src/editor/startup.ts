import { randomUUID } from "node:crypto";
import * as vscode from "vscode";
import type { Ledger } from "../ledger/ledger.ts";
import type { SpendWatch } from "./budget/spendWatch.ts";
import type { SettingsSource } from "./settings/settingsSource.ts";
import type { StatusBar } from "./statusBar/statusBar.ts";

export type LedgerStartDeps = {
  readonly settings: SettingsSource;
  readonly spend: SpendWatch;
  readonly statusBar: StatusBar;
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
};

/** Starts everything that needs an open ledger, and deletes conversations and history that are too old to be kept. */
export function startWithLedger(ledger: Ledger, deps: LedgerStartDeps): vscode.Disposable {
  const { settings, spend, statusBar, now, onError } = deps;
  const { conversations, history } = settings.current;
  const keep = { conversationDays: conversations.keepDays, historyDays: history.keepDays };
  void spend.start(ledger, onError).catch(onError);
  void statusBar.start(ledger).catch(onError);
  void ledger.history.forget(keep, now()).catch(onError);
  const stop = showNotices(ledger, (notice) => void vscode.window.showWarningMessage(notice));
  return { dispose: stop };
}

/**
 * Shows each notice of the ledger once: what it found when it was opened, and damage that it finds while it is used. A
 * damaged ledger is replaced by an empty one, so its budget changes: that is when there may be a new notice. Returns a
 * function that stops.
 */
function showNotices(ledger: Ledger, show: (notice: string) => void): () => void {
  let shown: string | undefined;
  const showNew = () => {
    const { notice } = ledger;
    if (notice === undefined || notice === shown) return;
    shown = notice;
    show(notice);
  };
  showNew();
  return ledger.budget.onDidChange(showNew);
}

const USER_ID_KEY = "switchyard.userId";

/** Returns the user's id in experiments where the settings name no user: random, and the same from then on. */
export function userIdIn(memento: vscode.Memento, onError: (error: unknown) => void): string {
  const known = memento.get<string>(USER_ID_KEY);
  if (known !== undefined) return known;
  const made = randomUUID();
  memento.update(USER_ID_KEY, made).then(undefined, onError);
  return made;
}
