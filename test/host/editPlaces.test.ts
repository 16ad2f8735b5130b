import { deepEqual, equal, match } from "node:assert/strict";
import { after, describe, it } from "mocha";
import * as vscode from "vscode";
import { type EditWindow, until, useEditWindow, withFolder } from "./editWindow.ts";
import { MemoryFiles } from "./memoryFiles.ts";

const TEXT = "const a = 1;\nconst b = 2;\n";
const WORDS = "[replace: a = 1 => a = 10]";
const EDITED = TEXT.replace("1", "10");

describe("an edit of selected code", () => {
  const memory = new MemoryFiles();
  const registration = vscode.workspace.registerFileSystemProvider("switchyard-test", memory);
  let window: EditWindow;
  useEditWindow((opened) => {
    window = opened;
  });
  after(() => registration.dispose());

  const lastRequest = () => JSON.stringify(window.simulator.requests().at(-1)?.body);

  it("is made in a document that is not saved yet", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "typescript", content: TEXT });
    await vscode.window.showTextDocument(document);
    await window.modify(document, WORDS);
    equal(document.getText(), EDITED);
    await window.edits.hunks.discardAll(document.uri);
    equal(document.getText(), TEXT);
  });

  it("is made in a cell of a notebook", async () => {
    const { Code } = vscode.NotebookCellKind;
    const cells = [TEXT, "other = 1\n"].map((text) => new vscode.NotebookCellData(Code, text, "typescript"));
    const notebook = await vscode.workspace.openNotebookDocument(
      "jupyter-notebook",
      new vscode.NotebookData(cells),
    );
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(0);
    await window.modify(document, WORDS);
    equal(document.getText(), EDITED);
    equal(notebook.cellAt(1).document.getText(), "other = 1\n");
    window.edits.hunks.acceptAll(document.uri);
    deepEqual(window.kinds, ["applied", "accepted"]);
  });

  it("in a cell is kept if its notebook was saved when the window closes", async () => {
    const cell = { cell_type: "code", metadata: {}, source: [TEXT], outputs: [], execution_count: null };
    const metadata = { language_info: { name: "typescript" } };
    const content = JSON.stringify({ cells: [cell], metadata, nbformat: 4, nbformat_minor: 5 });
    const { uri } = await window.file("a.ipynb", content);
    const notebook = await vscode.workspace.openNotebookDocument(uri);
    await vscode.window.showNotebookDocument(notebook);
    const { document } = notebook.cellAt(0);
    await window.modify(document, WORDS);
    window.edits.hunks.acceptAll(document.uri);
    window.edits.close();
    deepEqual(window.kinds, ["applied", "accepted"]);
    await notebook.save();
    window.edits.close();
    deepEqual(window.kinds, ["applied", "accepted", "kept"]);
  });

  it("is made in the right side of the diff editor", async () => {
    const document = await window.file("a.ts", TEXT);
    const left = await vscode.workspace.openTextDocument({
      language: "typescript",
      content: "const a = 0;\n",
    });
    await vscode.commands.executeCommand("vscode.diff", left.uri, document.uri, "Comparison");
    await until(() => vscode.window.activeTextEditor?.document === document);
    await window.modify(document, WORDS);
    equal(document.getText(), EDITED);
    window.edits.hunks.acceptHunk(undefined);
    deepEqual(window.kinds, ["applied", "accepted"]);
  });

  it("is made in a file of a virtual file system, and saved there", async () => {
    const uri = vscode.Uri.parse("switchyard-test:/shop/src/a.ts");
    memory.add(uri, TEXT);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    await window.modify(document, WORDS);
    window.edits.hunks.acceptAll(uri);
    await document.save();
    equal(memory.text(uri), EDITED);
  });

  it("names the folder in paths if the workspace has several, and obeys its private paths", async () => {
    const root = vscode.Uri.parse("switchyard-test:/shop");
    const uri = vscode.Uri.joinPath(root, "src/b.ts");
    memory.add(uri, TEXT);
    await withFolder(root, "shop", async () => {
      const document = await vscode.workspace.openTextDocument(uri);
      await window.modify(document, WORDS);
      match(lastRequest(), /Selected code from shop\/src\/b\.ts:1/);
      window.set({ "switchyard.privatePaths": ["src/b.ts"] });
      await window.modify(document, "[replace: b = 2 => b = 20]");
      equal(window.events.at(-1)?.edit.tries[0]?.summary.modelUsed, "home/sim-local");
    });
  });

  it("keeps tabs, CRLF and a missing newline at the end", async () => {
    const text = "function f() {\r\n\tconst a = 1;\r\n\treturn a;\r\n}";
    const document = await window.file("crlf.ts", text);
    window.simulator.answerNext(
      "```ts\nfunction f() {\n    const a = 1;\n    log(a);\n    return a;\n}\n```",
    );
    await window.modify(document, "Log it");
    equal(document.getText(), text.replace("\treturn", "\tlog(a);\r\n\treturn"));
    await window.edits.hunks.discardAll(document.uri);
    equal(document.getText(), text);
  });

  describe("of 5,000 lines", () => {
    const text = Array.from({ length: 5_000 }, (_, line) => `const value${line} = ${line};`).join("\n");
    const route = (...models: readonly string[]) =>
      window.set({
        "switchyard.routes": [{ name: "Own", models }],
        "switchyard.models": { ...window.models, "east/sim-cheap": { maxInputTokens: 16_000 } },
      });

    it("is made by the next model of the route whose window is large enough", async () => {
      const document = await window.file("long.ts", text);
      route("east/sim-cheap", "west/sim-balanced");
      await window.modify(document, "[replace: value4999 = 4999 => value4999 = 0]");
      equal(document.lineAt(4_999).text, "const value4999 = 0;");
      equal(window.events[0]?.edit.tries[0]?.summary.modelUsed, "west/sim-balanced");
    });

    it("is refused with the reason if it is too long for every model of the route", async () => {
      const document = await window.file("long.ts", text);
      route("east/sim-cheap");
      await window.modify(document, WORDS);
      equal(document.getText(), text);
      deepEqual(window.messages, ["Too long for every model of this route. Nothing was changed."]);
    });
  });
});
