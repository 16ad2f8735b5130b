import * as vscode from "vscode";
import { namedFile, type ShownCode } from "../../assistant/codeBlock/namedFile.ts";

/** The extensions of languages whose name is not one. */
const EXTENSIONS: Readonly<Record<string, string>> = {
  ...{
    typescript: "ts",
    javascript: "js",
    python: "py",
    ruby: "rb",
    rust: "rs",
    kotlin: "kt",
    markdown: "md",
  },
  ...{
    csharp: "cs",
    "c#": "cs",
    "c++": "cpp",
    bash: "sh",
    shell: "sh",
    shellscript: "sh",
    zsh: "sh",
    console: "sh",
  },
  ...{ powershell: "ps1", pwsh: "ps1", text: "txt", plaintext: "txt", yaml: "yml", dockerfile: "dockerfile" },
};

/**
 * Asks where to create a file with a code block, and creates it. Returns the file if there is one at that place already,
 * which is not changed.
 */
export async function createFile(code: ShownCode): Promise<vscode.Uri | undefined> {
  const { stated, comment } = namedFile(code);
  const chosen = await vscode.window.showSaveDialog({
    ...defaultPlace(stated?.path, code.language),
    title: vscode.l10n.t("Create File"),
    saveLabel: vscode.l10n.t("Create"),
  });
  if (chosen === undefined) return undefined;
  if (await exists(chosen)) return chosen;
  const content = contentOf(comment === undefined ? code.text : withoutFirstLine(code.text), chosen);
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(chosen, { overwrite: false, contents: new TextEncoder().encode(content) });
  if (!(await vscode.workspace.applyEdit(edit))) {
    const file = vscode.workspace.asRelativePath(chosen);
    await vscode.window.showErrorMessage(vscode.l10n.t("{file} could not be created.", { file }));
    return undefined;
  }
  await vscode.commands.executeCommand("vscode.open", chosen, { preview: false });
  return undefined;
}

/** A code block without its first line, which is a comment with the name of the file. */
export function withoutFirstLine(text: string): string {
  return text.replace(/^[^\n]*\n(?:[ \t]*\r?\n)?/, "");
}

function defaultPlace(path: string | undefined, language: string): { readonly defaultUri?: vscode.Uri } {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) return {};
  const isAbsolute = path?.startsWith("/") === true || /^[A-Za-z]:/.test(path ?? "");
  const name =
    path === undefined || isAbsolute
      ? (path?.split("/").at(-1) ?? `untitled.${extensionOf(language)}`)
      : path;
  const named = vscode.workspace.workspaceFolders?.find((each) => name.startsWith(`${each.name}/`));
  if (named !== undefined && (vscode.workspace.workspaceFolders?.length ?? 0) > 1) {
    return { defaultUri: vscode.Uri.joinPath(named.uri, name.slice(named.name.length + 1)) };
  }
  return { defaultUri: vscode.Uri.joinPath(folder.uri, name) };
}

/** The extension of files in a language, without the dot. */
export function extensionOf(language: string): string {
  return EXTENSIONS[language] ?? (/^[a-z]\w{0,4}$/.test(language) ? language : "txt");
}

/** The code with the line endings of new files, and one at its end. */
function contentOf(text: string, uri: vscode.Uri): string {
  const eol = vscode.workspace.getConfiguration("files", uri).get("eol");
  const isCrlf = eol === "\r\n" || (eol === "auto" && process.platform === "win32");
  const lines = `${text.replaceAll(/\r\n?/g, "\n").replace(/(?<!\n)\n+$/, "")}\n`;
  return isCrlf ? lines.replaceAll("\n", "\r\n") : lines;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
