import * as vscode from "vscode";
import { type CodeItem, placeOf } from "../../../assistant/context.ts";
import type { EditTask } from "../../../assistant/edits/selected/editRequest.ts";
import { testsTask } from "../../../assistant/edits/selected/editTasks.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { fileItem } from "../../chat/context/file.ts";
import { ownText } from "../../chat/context/ownText.ts";
import { isPrivateDocument, placeOfDocument } from "../../chat/context/places.ts";
import { rangeItem } from "../../chat/context/selection.ts";
import { cutLines } from "../../chat/context/source.ts";
import { askForTestPlace, type TestPlace } from "./testPlace.ts";

export type WriteTestsDeps = {
  readonly edit: (document: vscode.TextDocument, range: vscode.Range, task: EditTask) => Promise<void>;
  readonly privatePaths: () => readonly string[];
};

/** A file of up to this many lines is sent as a whole; of a longer one, the selected code. */
const MAX_FILE_LINES = 1_000;
/** How much of a test file is enough to show how tests are written. */
const MAX_EXAMPLE_CHARACTERS = 6_000;
const MAX_EXAMPLE_BYTES = 200_000;

/** Writes tests as an edit of a test file. A new one is created when the user saves it. */
export class WriteTests {
  readonly #deps: WriteTestsDeps;
  /** The new files that are not saved. */
  readonly #unsaved = new Set<vscode.TextDocument>();

  constructor(deps: WriteTestsDeps) {
    this.#deps = deps;
  }

  /** Asks where the tests of selected code go, or of the whole document, and writes them there. */
  async write(source: vscode.TextDocument, selection: vscode.Range): Promise<void> {
    const globs = this.#deps.privatePaths();
    const code = codeToTest(source, selection, globs);
    if (code === undefined) {
      const { path: file } = placeOfDocument(source.uri);
      const reason =
        source.getText().trim() === "" ? vscode.l10n.t("{file} is empty.", { file }) : tooLong(source);
      return void vscode.window.showInformationMessage(reason);
    }
    const place = await askForTestPlace(source);
    if (place === undefined) return;
    const document = await openTestFile(place, source.languageId);
    const isPrivate = code.item.isPrivate || isPrivateDocument(globs, place.uri);
    const items = document === source ? [] : [code.item, ...(await exampleItem(place, globs))];
    const context = items.map((item) => ({ ...item, isPrivate }));
    const task = testsTask({ code: code.place, file: place.path, isNew: document.getText() === "", context });
    await vscode.window.showTextDocument(document, { preview: false });
    if (place.isNew) this.#unsaved.add(document);
    await this.#deps.edit(document, new vscode.Range(0, 0, document.lineCount, 0), task);
    await this.closeEmpty();
  }

  /** Closes the new files that have no tests: there was no edit, or the user has discarded it. */
  async closeEmpty(): Promise<void> {
    for (const document of this.#unsaved) {
      if (document.isClosed) this.#unsaved.delete(document);
      if (document.isClosed || document.getText() !== "") continue;
      this.#unsaved.delete(document);
      await vscode.window.showTextDocument(document);
      await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    }
  }
}

/** The place of the code that tests are written for, and what is sent of its file; undefined if nothing can be. */
function codeToTest(
  source: vscode.TextDocument,
  selection: vscode.Range,
  globs: readonly string[],
): { readonly place: string; readonly item: CodeItem } | undefined {
  const [selected] = rangeItem(source, selection, globs);
  const file = source.lineCount <= MAX_FILE_LINES ? fileItem(source, globs) : undefined;
  const item = selected ?? file;
  if (item === undefined) return undefined;
  return { place: placeOf(item), item: file ?? item };
}

function tooLong(source: vscode.TextDocument): string {
  return vscode.l10n.t("{file} has {count} lines. Select the code to test.", {
    file: placeOfDocument(source.uri).path,
    count: source.lineCount.toLocaleString(),
  });
}

/** The beginning of another test file. One that may go to local models only is not sent. */
async function exampleItem(
  { example, uri }: TestPlace,
  globs: readonly string[],
): Promise<readonly CodeItem[]> {
  if (example === undefined || example.toString() === uri.toString()) return [];
  if (isPrivateDocument(globs, example)) return [];
  const whole = await ownText(example, MAX_EXAMPLE_BYTES);
  if (whole === undefined || whole.trim() === "") return [];
  const { text, leftOut } = cutLines(whole, MAX_EXAMPLE_CHARACTERS);
  const endLine = leftOut?.included ?? whole.split("\n").length;
  const { path } = placeOfDocument(example);
  const tokens = estimateTokens(text);
  return [
    { kind: "file", path, language: "", startLine: 1, endLine, text, tokens, isPrivate: false, leftOut },
  ];
}

/** Opens a test file. A new one is a document of this name that is not saved. */
async function openTestFile({ uri, isNew }: TestPlace, language: string): Promise<vscode.TextDocument> {
  if (!isNew) return vscode.workspace.openTextDocument(uri);
  // VS Code saves such a document to the window's own file system.
  const folders = vscode.workspace.workspaceFolders ?? [];
  const isOwn = uri.scheme === "file" || folders.every((folder) => folder.uri.scheme === uri.scheme);
  return isOwn
    ? vscode.workspace.openTextDocument(uri.with({ scheme: "untitled" }))
    : vscode.workspace.openTextDocument({ language });
}
