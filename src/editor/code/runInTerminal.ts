import * as vscode from "vscode";
import type { ShownCode } from "../../assistant/codeBlock/namedFile.ts";
import { terminalCommand } from "../../assistant/codeBlock/terminalCommand.ts";
import { shellOf } from "../../base/shellLanguage.ts";

/** How long the status bar shows that commands were joined. */
const SHOWN_MS = 8_000;

/** Types the commands of a code block into the terminal. The user runs them with Enter. */
export async function typeIntoTerminal({ text, language }: ShownCode): Promise<void> {
  if (!vscode.workspace.isTrusted) return offerTrust();
  if (isVirtual()) {
    return warn(vscode.l10n.t("This workspace has no terminal, so the command was not typed."));
  }
  const command = terminalCommand(text, shellOf(language) ?? "posix");
  if (command.kind === "refused") return refuse(command.reason, text);
  const terminal = usableTerminal() ?? vscode.window.createTerminal();
  terminal.show(false);
  terminal.sendText(command.text, false);
  if (command.lines > 1) {
    const message = vscode.l10n.t("{count} commands were joined. Press Enter in the terminal to run them.", {
      count: command.lines,
    });
    vscode.window.setStatusBarMessage(message, SHOWN_MS);
  }
}

async function offerTrust(): Promise<void> {
  const manage = vscode.l10n.t("Manage Workspace Trust");
  const message = vscode.l10n.t("In Restricted Mode no command is typed into the terminal.");
  if ((await vscode.window.showWarningMessage(message, manage)) === manage) {
    await vscode.commands.executeCommand("workbench.trust.manage");
  }
}

async function refuse(reason: "control" | "script" | "empty", text: string): Promise<void> {
  switch (reason) {
    case "control":
      return warn(
        vscode.l10n.t("This code contains control characters, so it was not typed into the terminal."),
      );
    case "empty":
      return warn(vscode.l10n.t("This code contains no command."));
    case "script": {
      const copy = vscode.l10n.t("Copy");
      const message = vscode.l10n.t(
        "The terminal would run the lines of this script one by one, so they were not typed. Copy it, or create it as a file.",
      );
      if ((await vscode.window.showWarningMessage(message, copy)) === copy)
        await vscode.env.clipboard.writeText(text);
    }
  }
}

async function warn(message: string): Promise<void> {
  await vscode.window.showWarningMessage(message);
}

/** The active terminal, if a shell of the user's reads from it. */
function usableTerminal(): vscode.Terminal | undefined {
  const { activeTerminal } = vscode.window;
  if (activeTerminal === undefined || activeTerminal.exitStatus !== undefined) return undefined;
  return "pty" in activeTerminal.creationOptions ? undefined : activeTerminal;
}

/** Whether all folders of the workspace are in virtual file systems, where nothing can run. */
function isVirtual(): boolean {
  const folders = vscode.workspace.workspaceFolders ?? [];
  return (
    folders.length > 0 && folders.every(({ uri }) => uri.scheme !== "file" && uri.scheme !== "vscode-remote")
  );
}
