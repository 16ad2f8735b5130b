import { deepEqual, equal, match, ok } from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { type EditWindow, until, useEditWindow } from "./editWindow.ts";

const TEXT = "const a = 1;\nconst b = 2;\n\nconst c = 3;\n";
const ONE = "[replace: a = 1 => a = 10]";
const TWO = `${ONE} [replace: c = 3 => c = 30]`;
const WITH_ONE = TEXT.replace("1", "10");
const WITH_TWO = WITH_ONE.replace("3", "30");
const KEY = `sk-ant-api03-${"Ab1".repeat(31)}-${"Cd2Ef3Gh".slice(0, 6)}AA`;

describe("an edit of selected code", () => {
  let window: EditWindow;
  useEditWindow((opened) => {
    window = opened;
  });

  /** Edits a new file of a folder outside of the workspace. */
  const edited = async (words: string): Promise<vscode.TextDocument> => {
    const document = await window.file("a.ts", TEXT);
    await window.modify(document, words);
    deepEqual(window.kinds, ["applied"]);
    return document;
  };

  /** Asks for an edit, whose answer comes when it is released. */
  const held = async (document: vscode.TextDocument, words: string) => {
    const release = window.simulator.hold();
    const sent = window.simulator.requests().length;
    const ended = window.modify(document, words);
    await until(() => window.simulator.requests().length > sent);
    return { ended, release };
  };

  it("is kept when all of its changes are accepted, and belongs to the decision of its answer", async () => {
    const document = await edited(TWO);
    equal(document.getText(), WITH_TWO);
    window.edits.hunks.acceptHunk(undefined);
    deepEqual(window.kinds, ["applied"]);
    window.edits.hunks.acceptAll(document.uri);
    deepEqual(window.kinds, ["applied", "accepted"]);
    await window.passTime();
    deepEqual(window.kinds, ["applied", "accepted", "kept"]);
    const decisions = window.events.map(({ edit }) => edit.decisionId);
    ok(decisions[0]);
    deepEqual(new Set(decisions).size, 1);
  });

  it("is kept when one of its changes is accepted and the next one, where the cursor goes, discarded", async () => {
    const document = await edited(TWO);
    window.edits.hunks.acceptHunk(undefined);
    await window.edits.hunks.discardHunk(undefined);
    equal(document.getText(), WITH_ONE);
    await window.passTime();
    deepEqual(window.kinds, ["applied", "accepted", "kept"]);
  });

  it("is undone by an undo after it was accepted and saved", async () => {
    const document = await edited(TWO);
    window.edits.hunks.acceptAll(document.uri);
    await document.save();
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), TEXT);
    await window.passTime();
    deepEqual(window.kinds, ["applied", "accepted", "undone"]);
  });

  it("is discarded when all of its changes are", async () => {
    const document = await edited(TWO);
    await window.edits.hunks.discardHunk(undefined);
    deepEqual(window.kinds, ["applied"]);
    await window.edits.hunks.discardHunk(undefined);
    equal(document.getText(), TEXT);
    deepEqual(window.kinds, ["applied", "discarded"]);
  });

  it("is there again when the discard is undone, and when an undo is", async () => {
    const document = await edited(TWO);
    await window.edits.hunks.discardAll(document.uri);
    equal(document.getText(), TEXT);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), WITH_TWO);
    deepEqual(window.kinds, ["applied", "discarded", "restored"]);
    await vscode.commands.executeCommand("undo");
    await vscode.commands.executeCommand("redo");
    window.edits.hunks.acceptAll(document.uri);
    await window.passTime();
    deepEqual(window.kinds.slice(3), ["undone", "restored", "accepted", "kept"]);
  });

  it("is undone when its document is reverted", async () => {
    const document = await edited(ONE);
    await vscode.commands.executeCommand("workbench.action.files.revert");
    equal(document.getText(), TEXT);
    deepEqual(window.kinds, ["applied", "undone"]);
  });

  it("is kept if it was accepted and its file is renamed, and else not judged", async () => {
    for (const name of ["b.ts", "c.ts"]) {
      const document = await window.file("a.ts", TEXT);
      await window.modify(document, ONE);
      if (name === "b.ts") window.edits.hunks.acceptAll(document.uri);
      const renamed = new vscode.WorkspaceEdit();
      renamed.renameFile(document.uri, vscode.Uri.joinPath(document.uri, "..", name));
      await vscode.workspace.applyEdit(renamed);
      await until(() => document.isClosed);
    }
    deepEqual(window.kinds, ["applied", "accepted", "kept", "applied", "unknown"]);
  });

  it("is undone by one undo", async () => {
    const document = await edited(TWO);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), TEXT);
    deepEqual(window.kinds, ["applied", "undone"]);
  });

  it("is made in its file as that is now, if it was closed and changed meanwhile", async () => {
    // A document that an extension has opened stays open for some minutes.
    const folder = await mkdtemp(join(tmpdir(), "switchyard-closed-"));
    const uri = vscode.Uri.file(join(folder, "a.ts"));
    await writeFile(uri.fsPath, TEXT);
    await vscode.commands.executeCommand("vscode.open", uri, { preview: false });
    const document = await vscode.workspace.openTextDocument(uri);
    const { ended, release } = await held(document, "[replace: c = 3 => c = 30]");
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await until(() => document.isClosed);
    await writeFile(uri.fsPath, `// Mine\n// Mine, too\n${TEXT}`);
    release();
    await ended;
    const file = await vscode.workspace.openTextDocument(uri);
    equal(file.getText(), `// Mine\n// Mine, too\n${TEXT.replace("3", "30")}`);
    await vscode.window.showTextDocument(file);
    await rm(folder, { recursive: true, force: true });
  });

  it("is stopped when a document without a file is closed", async () => {
    const document = await vscode.workspace.openTextDocument({ language: "typescript", content: TEXT });
    await vscode.window.showTextDocument(document);
    const { ended, release } = await held(document, ONE);
    await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    await ended;
    release();
    deepEqual(window.kinds, []);
  });

  it("asks before a key leaves this machine, and can leave a placeholder for it", async () => {
    const document = await window.file("a.ts", `const key = "${KEY}";\n${TEXT}`);
    const requests = window.simulator.requestCount();
    await window.modify(document, ONE);
    equal(window.simulator.requestCount(), requests);
    match(window.messages[0] ?? "", /looks like a secret/);

    window.answers.push("Blank It Out and Send");
    await window.modify(document, ONE);
    const sent = JSON.stringify(window.simulator.requests().at(-1)?.body);
    equal(sent.includes(KEY), false);
    match(sent, /\[removed: /);
    equal(document.getText(), `const key = "${KEY}";\n${WITH_ONE}`);
  });

  it("asks no more about a key that the user sends as it is", async () => {
    const document = await window.file("a.ts", `const key = "${KEY}";\n${TEXT}`);
    window.answers.push("Send as It Is");
    await window.modify(document, ONE);
    await window.modify(document, "[replace: b = 2 => b = 20]");
    equal(window.messages.length, 1);
    equal(document.getText(), `const key = "${KEY}";\n${WITH_ONE.replace("2", "20")}`);
  });

  it("does not ask about a key that stays on this machine", async () => {
    window.set({ "switchyard.privatePaths": ["**/a.ts"] });
    const document = await window.file("a.ts", `const key = "${KEY}";\n${TEXT}`);
    await window.modify(document, ONE);
    deepEqual(window.messages, []);
    equal(window.events[0]?.edit.tries[0]?.summary.modelUsed, "home/sim-local");
  });

  it("says what the budget does not cover, and is made once the budget is raised", async () => {
    window.set({ "switchyard.budget.dailyUsd": 0.000001, "switchyard.budget.whenExceeded": "ask" });
    window.answers.push("Raise the Budget…");
    await edited(ONE);
    match(window.messages[0] ?? "", /Nothing was changed\.$/);
    deepEqual(window.changedBudgets, [{ kind: "day" }]);
  });

  it("is made by a free model if the user chooses so over budget", async () => {
    window.set({ "switchyard.budget.dailyUsd": 0.000001, "switchyard.budget.whenExceeded": "ask" });
    window.answers.push("Use a Free Model");
    await edited(ONE);
    equal(window.events[0]?.edit.tries.at(-1)?.summary.modelUsed, "home/sim-local");
  });
});
