import * as vscode from "vscode";
import type { Catalogue } from "../../models/catalogue.ts";
import { knownTo } from "../../models/catalogue.ts";
import { STAND_IN } from "../../providers/connections.ts";
import { checkProviders } from "../../settings/checkProviders.ts";
import { checkRoutes } from "../../settings/checkRoutes.ts";
import type { SettingProblem } from "../../settings/problem.ts";
import type { SettingsRead } from "../../settings/read.ts";

/** Tells the user of wrong settings: each once, in one message, with the way to its place. */
export class ProblemReport {
  readonly #log: vscode.LogOutputChannel;
  readonly #catalogue: () => Promise<Catalogue>;
  readonly #told = new Set<string>();

  constructor(log: vscode.LogOutputChannel, catalogue: () => Promise<Catalogue>) {
    this.#log = log;
    this.#catalogue = catalogue;
  }

  /** Reports what was not reported before; a problem that was mended may be reported again. */
  async report(read: SettingsRead): Promise<void> {
    const known = knownTo(await this.#catalogue(), read.settings, [STAND_IN]);
    const problems = [...read.problems, ...checkProviders(read.settings, known), ...checkRoutes(read, known)];
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
