import { deepEqual, equal } from "node:assert/strict";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { until } from "./editWindow.ts";

/** Runs in the extension itself, whose simulator obeys the directives in a prompt. */
describe("a prompt of the user's own", () => {
  const { showQuickPick } = vscode.window;
  const shown: vscode.QuickPickItem[] = [];
  const prompts = () => vscode.workspace.getConfiguration("switchyard");
  before(async () => {
    Object.assign(vscode.window, {
      showQuickPick: async (items: readonly vscode.QuickPickItem[]) => {
        shown.push(...items);
        return items[0];
      },
    });
    const text = "Rewrite {selection} in {language}. [replace: a = 1 => a = 10] [replace: b = 2 => b = 20]";
    await prompts().update("prompts", { port: { text, edit: true } }, vscode.ConfigurationTarget.Global);
  });
  after(async () => {
    Object.assign(vscode.window, { showQuickPick });
    await prompts().update("prompts", undefined, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
  });

  /** What is stored of what became of edits. */
  const outcomes = (): readonly string[] => {
    const file = join(process.env["SWITCHYARD_HOME"] ?? "", "ledger.db");
    const ledger = new DatabaseSync(file, { readOnly: true });
    try {
      const kinds = "'kept', 'discarded', 'undone'";
      const rows = ledger.prepare(`SELECT kind, score FROM outcome WHERE kind IN (${kinds}) ORDER BY kind`);
      return rows.all().map(({ kind, score }) => `${kind} ${score}`);
    } finally {
      ledger.close();
    }
  };

  it("edits the selected code in its file if it says so, and the history keeps what became of that", async () => {
    const text = "const a = 1;\nconst b = 2;\n";
    const document = await vscode.workspace.openTextDocument({ language: "typescript", content: text });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(0, 0, 0, 12);
    await vscode.commands.executeCommand("switchyard.runPrompt");
    deepEqual(
      shown.map(({ label, detail }) => [label, detail]),
      [["port", "Edits the selected code"]],
    );
    await until(() => document.getText() !== text);
    equal(document.getText(), "const a = 10;\nconst b = 2;\n");
    await vscode.commands.executeCommand("switchyard.discardEdit");
    equal(document.getText(), text);
    await until(() => outcomes().length > 1);
    deepEqual(outcomes(), ["discarded 1", "kept 0"]);
  });
});
