import * as vscode from "vscode";
import type { CodeItem } from "../../../assistant/context.ts";
import type { ContextItem } from "../../../contract/context.ts";
import { changedFiles } from "./git/changes.ts";
import { gitApi } from "./git/git.ts";
import { openImage } from "./images/shownImages.ts";
import { fileAt } from "./places.ts";

/** Shows what an item stands for. Resolves to a sentence with the reason if it cannot be shown, else to undefined. */
export async function openContext(item: ContextItem): Promise<string | undefined> {
  switch (item.kind) {
    case "selection":
    case "file":
    case "symbol":
      return openCode(item);
    case "folder": {
      const uri = await uriOf(item.source, item.path);
      if (uri === undefined) return notFound(item.path);
      await vscode.commands.executeCommand("revealInExplorer", uri);
      return undefined;
    }
    case "problems":
      await vscode.commands.executeCommand("workbench.actions.view.problems");
      return undefined;
    case "terminal": {
      const terminal = vscode.window.terminals.find(({ name }) => name === item.terminal);
      if (terminal === undefined)
        return vscode.l10n.t("The terminal {name} is closed.", { name: item.terminal });
      terminal.show();
      return undefined;
    }
    case "changes":
      await openChanges();
      return undefined;
    case "image":
      if (item.source === undefined) await openImage(item);
      else await vscode.commands.executeCommand("vscode.open", vscode.Uri.parse(item.source, true));
      return undefined;
  }
}

async function openCode(item: CodeItem): Promise<string | undefined> {
  const uri = await uriOf(item.source, item.path);
  if (uri === undefined) return notFound(item.path);
  const selection = new vscode.Range(item.startLine - 1, 0, item.endLine - 1, Number.MAX_SAFE_INTEGER);
  const options = item.kind === "file" ? {} : { selection };
  try {
    await vscode.commands.executeCommand("vscode.open", uri, options);
  } catch {
    // VS Code has shown its own message in the editor's place.
  }
  return undefined;
}

/** Items of version 0.1.0 have no URI, but the path in their workspace folder. */
async function uriOf(source: string | undefined, path: string): Promise<vscode.Uri | undefined> {
  return source === undefined ? fileAt(path) : vscode.Uri.parse(source, true);
}

function notFound(path: string): string {
  return vscode.l10n.t("{file} is not in this workspace.", { file: path });
}

/** Opens all changes against the last commit in one editor. */
async function openChanges(): Promise<void> {
  const api = await gitApi();
  const resources = (api?.repositories ?? [])
    .flatMap(changedFiles)
    .map(({ uri }) => [uri, api?.toGitUri(uri, "HEAD"), uri]);
  if (resources.length === 0) await vscode.commands.executeCommand("workbench.view.scm");
  else
    await vscode.commands.executeCommand("vscode.changes", vscode.l10n.t("Uncommitted changes"), resources);
}
