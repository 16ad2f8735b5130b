import * as vscode from "vscode";
import type { ModelRef } from "../../contract/model.ts";
import type { Ledger } from "../../ledger/ledger.ts";
import { registerCommands, textArgument } from "../commands.ts";
import { pausedIn, switchedOffIn } from "./modelHealth.ts";

export type ModelCommandsDeps = {
  readonly ledger: () => Promise<Pick<Ledger, "health">>;
  /** The models that are configured and have a key. */
  readonly models: () => Promise<readonly ModelRef[]>;
  readonly now: () => number;
};

/** Registers the commands that turn models off and on, and end a pause. */
export function registerModelCommands(deps: ModelCommandsDeps): vscode.Disposable {
  return registerCommands({
    switchModelOff: () => turnOff(deps),
    switchModelOn: (ref) => turnOn(deps, textArgument(ref)),
    resetBreaker: (subject) => endPause(deps, textArgument(subject)),
  });
}

/** Turns a model off until the user turns it on again. */
async function turnOff({ ledger, models }: ModelCommandsDeps): Promise<void> {
  const { health } = await ledger();
  const off = switchedOffIn(await health.snapshot());
  const ref = await pick(
    (await models()).filter((each) => !off.includes(each)),
    vscode.l10n.t("Turn off a model"),
    vscode.l10n.t("There is no model to turn off."),
  );
  if (ref !== undefined) await health.setSwitchedOff(ref, true);
}

/** Turns a model on again. Asks which, unless one is given. */
async function turnOn({ ledger }: ModelCommandsDeps, given: string | undefined): Promise<void> {
  const { health } = await ledger();
  const ref =
    given ??
    (await pick(
      switchedOffIn(await health.snapshot()),
      vscode.l10n.t("Turn on a model"),
      vscode.l10n.t("No model is turned off."),
    ));
  if (ref !== undefined) await health.setSwitchedOff(ref, false);
}

/** Ends the pause of a model or provider, so that the next prompt may use it. Asks which, unless one is given. */
async function endPause({ ledger, now }: ModelCommandsDeps, given: string | undefined): Promise<void> {
  const { health } = await ledger();
  const subject =
    given ??
    (await pick(
      pausedIn(await health.snapshot(), now()).map((paused) => paused.subject),
      vscode.l10n.t("Resume a paused model"),
      vscode.l10n.t("No model is paused."),
    ));
  if (subject !== undefined) await health.reset(subject);
}

/** Shows a list to pick from, or a message where it is empty. */
async function pick(
  items: readonly string[],
  placeHolder: string,
  none: string,
): Promise<string | undefined> {
  if (items.length > 0) return vscode.window.showQuickPick(items, { placeHolder });
  await vscode.window.showInformationMessage(none);
  return undefined;
}
