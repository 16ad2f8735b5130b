import * as vscode from "vscode";
import { type Catalogue, knownTo } from "../../models/catalogue.ts";
import { SIMULATOR_ID } from "../../providers/registry/providerRegistry.ts";
import { checkSettings } from "../../settings/checks.ts";
import type { SettingProblem } from "../../settings/problems.ts";
import type { SettingsRead } from "../../settings/read.ts";
import { registerCommands } from "../commands.ts";

/** Registers the commands that open settings. */
export function registerSettingsCommands(): vscode.Disposable {
  return registerCommands({
    openSettings: () =>
      vscode.commands.executeCommand("workbench.action.openSettings", "@ext:switchyard.switchyard"),
    editRoutes: () => openSetting("switchyard.routes"),
  });
}

/** Opens a setting in settings.json: the settings editor cannot edit objects and lists. */
export async function openSetting(setting: string): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openSettingsJson", {
    revealSetting: { key: setting, edit: false },
  });
}

/** Reports invalid settings: each once, all new ones in one notification with a button that opens the first. */
export class SettingProblems {
  readonly #log: vscode.LogOutputChannel;
  readonly #catalogue: () => Promise<Catalogue>;
  readonly #reported = new Set<string>();

  constructor(log: vscode.LogOutputChannel, catalogue: () => Promise<Catalogue>) {
    this.#log = log;
    this.#catalogue = catalogue;
  }

  /** Reports problems that were not there at the last call. A problem that was fixed may be reported again. */
  async report(read: SettingsRead): Promise<void> {
    const known = knownTo(await this.#catalogue(), read.settings, [SIMULATOR_ID]);
    const problems = [...read.problems, ...checkSettings(read, known)];
    const fresh = problems.filter((problem) => !this.#reported.has(keyOf(problem)));
    this.#reported.clear();
    for (const problem of problems) this.#reported.add(keyOf(problem));
    const [first] = fresh;
    if (first === undefined) return;
    for (const problem of fresh) this.#log.warn(textOf(problem));
    const open = vscode.l10n.t("Open Settings");
    const all = vscode.l10n.t("Show All");
    const choice = await vscode.window.showWarningMessage(
      fresh.length === 1
        ? textOf(first)
        : vscode.l10n.t("{count} settings of Switchyard are invalid. {first}", {
            count: fresh.length,
            first: textOf(first),
          }),
      ...(fresh.length === 1 ? [open] : [open, all]),
    );
    if (choice === open) await openSetting(first.setting);
    if (choice === all) this.#log.show();
  }
}

function keyOf({ place, message }: SettingProblem): string {
  return `${place}\n${message}`;
}

function textOf({ place, message, repair }: SettingProblem): string {
  return `${place}: ${message} ${repair}`;
}
