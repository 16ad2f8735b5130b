import * as vscode from "vscode";
import { extensionsFor, testFileFor } from "../../../assistant/edits/tests/testFile.ts";
import { fileOf, nameOf, placeOfDocument } from "../../chat/context/places.ts";
import { extensionOf } from "../../code/createFile.ts";
import { filesNear } from "./filesNear.ts";

/** Where tests go, as the user has confirmed it. */
export type TestPlace = {
  /** A file, or the document that becomes one when it is saved. */
  readonly uri: vscode.Uri;
  /** As a model may know it. */
  readonly path: string;
  readonly isNew: boolean;
  /** A test file that shows how tests are written here. */
  readonly example: vscode.Uri | undefined;
};

/**
 * Suggests the file that tests of a document go into, and lets the user change it. Undefined if the user cancels.
 */
export async function askForTestPlace(document: vscode.TextDocument): Promise<TestPlace | undefined> {
  const { root, source } = sourceOf(document);
  const folders = source.split("/").slice(0, -1);
  const isInWorkspace = vscode.workspace.getWorkspaceFolder(root) !== undefined;
  const files = isInWorkspace ? await filesNear(root, folders, extensionsFor(source)) : [];
  const suggested = testFileFor(source, files);
  const at = (path: string) => vscode.Uri.joinPath(root, path);
  const sentence = async (path: string) => {
    const file = placeOfDocument(at(path)).path;
    return (await isFile(at(path)))
      ? vscode.l10n.t("Tests go into {file}, which exists.", { file })
      : vscode.l10n.t("Tests go into {file} (new).", { file });
  };
  const dot = suggested.path.lastIndexOf(".");
  const path = await vscode.window.showInputBox({
    title: vscode.l10n.t("Write Tests with Switchyard"),
    prompt: await sentence(suggested.path),
    value: suggested.path,
    valueSelection: [suggested.path.lastIndexOf("/") + 1, dot < 0 ? suggested.path.length : dot],
    ignoreFocusOut: true,
    validateInput: async (typed) => {
      if (!isInside(typed))
        return vscode.l10n.t("Type the path of a file inside {folder}.", { folder: nameOf(root.path) });
      const { Info } = vscode.InputBoxValidationSeverity;
      return { message: await sentence(typed.trim()), severity: Info };
    },
  });
  if (path === undefined) return undefined;
  const uri = at(path.trim());
  const isNew = !(await isFile(uri));
  return {
    uri,
    path: placeOfDocument(uri).path,
    isNew,
    example: suggested.example === undefined ? undefined : at(suggested.example),
  };
}

/** A document's path in the folder that its tests are in as well. A cell of a notebook has the extension of its language. */
function sourceOf(document: vscode.TextDocument): { readonly root: vscode.Uri; readonly source: string } {
  const { uri, languageId } = document;
  const { folder, relative } = placeOfDocument(uri);
  const file = fileOf(uri);
  const isUnnamed = uri.scheme === "untitled" && folder === undefined;
  const root = folder?.uri ?? (isUnnamed ? vscode.workspace.workspaceFolders?.[0]?.uri : undefined);
  const name = relative.replace(/\.ipynb$/, "");
  const source = name !== relative || isUnnamed ? `${name}.${extensionOf(languageId)}` : name;
  return { root: root ?? vscode.Uri.joinPath(file, ".."), source };
}

function isInside(path: string): boolean {
  const parts = path.trim().split(/[\\/]/);
  return !parts.includes("..") && parts.at(-1) !== "" && parts[0] !== "" && !/^[A-Za-z]:/.test(path);
}

async function isFile(uri: vscode.Uri): Promise<boolean> {
  try {
    return ((await vscode.workspace.fs.stat(uri)).type & vscode.FileType.File) !== 0;
  } catch {
    // There is none.
    return false;
  }
}
