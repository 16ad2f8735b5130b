import * as vscode from "vscode";
import type { Ledger } from "../../ledger/ledger.ts";
import { pausedIn, switchedOffIn } from "../statusBar/state.ts";

/** Closes a model's breaker, so that it is asked again at once; asks which where none is given. */
export async function resetBreaker(ledger: Ledger, now: number, subject?: string): Promise<void> {
  const paused = pausedIn(await ledger.health.snapshot(), now);
  const chosen =
    subject ??
    (await pick(
      paused.map((each) => each.subject),
      vscode.l10n.t("Ask which model again now?"),
      vscode.l10n.t("No model is paused."),
    ));
  if (chosen !== undefined) await ledger.health.reset(chosen);
}

/** Switches a model off, until the user switches it on again. */
export async function switchModelOff(ledger: Ledger, models: readonly string[]): Promise<void> {
  const off = switchedOffIn(await ledger.health.snapshot());
  const chosen = await pick(
    models.filter((ref) => !off.includes(ref)),
    vscode.l10n.t("Which model shall not be asked?"),
    vscode.l10n.t("There is no model to switch off."),
  );
  if (chosen !== undefined) await ledger.health.setSwitchedOff(chosen, true);
}

/** Switches a model on again; asks which where none is given. */
export async function switchModelOn(ledger: Ledger, ref?: string): Promise<void> {
  const off = switchedOffIn(await ledger.health.snapshot());
  const chosen =
    ref ??
    (await pick(
      off,
      vscode.l10n.t("Which model may be asked again?"),
      vscode.l10n.t("No model is switched off."),
    ));
  if (chosen !== undefined) await ledger.health.setSwitchedOff(chosen, false);
}

async function pick(
  items: readonly string[],
  placeHolder: string,
  none: string,
): Promise<string | undefined> {
  if (items.length > 0) return vscode.window.showQuickPick(items, { placeHolder });
  await vscode.window.showInformationMessage(none);
  return undefined;
}
