import * as vscode from "vscode";
import type { SettingProblem } from "../../settings/problem.ts";

/** Tells the user of wrong settings: each once, in one message, with the way to its place. */
export class ProblemReport {
  readonly #log: vscode.LogOutputChannel;
  readonly #told = new Set<string>();

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** Reports what was not reported before; a problem that was mended may be reported again. */
  async report(problems: readonly SettingProblem[]): Promise<void> {
    const fresh = problems.filter((problem) => !this.#told.has(keyOf(problem)));
    this.#told.clear();
    for (const problem of problems) this.#told.add(keyOf(problem));
    const [first] = fresh;
    if (first === undefined) return;
    for (const problem of fresh) this.#log.warn(textOf(problem));
    const message =
      fresh.length === 1
        ? textOf(first)
        : vscode.l10n.t("{count} settings of Switchyard are wrong. {first}", {
            count: fresh.length,
            first: textOf(first),
          });
    const open = vscode.l10n.t("Open settings");
    const all = vscode.l10n.t("Show all");
    const choice = await vscode.window.showWarningMessage(message, open, ...(fresh.length > 1 ? [all] : []));
    if (choice === open) await openSetting(first.setting);
    if (choice === all) this.#log.show();
  }
}

/** Opens a setting where it is edited: the JSON file for objects and lists, which the settings editor cannot show. */
export async function openSetting(setting: string): Promise<void> {
  await vscode.commands.executeCommand("workbench.action.openSettingsJson", {
    revealSetting: { key: setting, edit: false },
  });
}

function keyOf({ place, message }: SettingProblem): string {
  return `${place}\n${message}`;
}

function textOf({ place, message, repair }: SettingProblem): string {
  return `${place}: ${message} ${repair}`;
}
