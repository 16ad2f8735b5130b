import { deepEqual, equal } from "node:assert/strict";
import { after, describe, it } from "mocha";
import * as vscode from "vscode";
import type { Turn } from "../../src/contract/conversation.ts";
import { Proposals } from "../../src/editor/code/proposals.ts";
import { type EditWindow, until, useEditWindow } from "./editWindow.ts";
import { LineErrors } from "./lineErrors.ts";

const TEXT = "const a = 1;\nconst b = 2;\n";
const PROPOSED = "const a = 10;\nconst b = 2;\n";

describe("code of an answer of the chat", () => {
  let window: EditWindow;
  let proposals: Proposals;
  useEditWindow((opened) => {
    window = opened;
    proposals = new Proposals((...args) => window.edits.writeAccepted(...args));
  });
  after(() => proposals.dispose());

  /** A turn that was answered as a request of this window was. */
  const answeredTurn = async (): Promise<Turn> => {
    await window.modify(await window.file("other.ts", TEXT), "[replace: a = 1 => a = 2]");
    const { decision, summary } = window.events[0]?.edit.tries[0] ?? {};
    await window.reset();
    const answer = { text: "", fallbacks: [], decision, summary };
    return { id: "t1", atMs: 0, prompt: { text: "Use ten", context: [] }, answer };
  };
  const propose = async (document: vscode.TextDocument, turn: Turn | undefined, text = PROPOSED) => {
    await proposals.show(document, text, () => ({ kind: "placed", text }), turn);
  };

  it("becomes an accepted edit of its answer's decision, which an undo reverts", async () => {
    const turn = await answeredTurn();
    const document = await window.file("a.ts", TEXT);
    await propose(document, turn);
    deepEqual(window.kinds, []);
    await proposals.accept(undefined);
    equal(document.getText(), PROPOSED);
    deepEqual(window.kinds, ["applied", "accepted"]);
    const edit = window.events[0]?.edit;
    equal(edit?.decisionId, turn.answer.decision?.id);
    equal(edit?.task.words, "Use ten");
    equal(edit?.before, TEXT);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), TEXT);
    deepEqual(window.kinds, ["applied", "accepted", "undone"]);
  });

  it("shows in the status bar that its check failed", async () => {
    const turn = await answeredTurn();
    const document = await window.file("a.txt", TEXT);
    const errors = new LineErrors("wrong");
    await errors.report(document);
    window.checks = "by-reports";
    const { setStatusBarMessage } = vscode.window;
    const shown: string[] = [];
    Object.assign(vscode.window, { setStatusBarMessage: (message: string) => shown.push(message) });
    try {
      await propose(document, turn, "wrong\n");
      await proposals.accept(undefined);
      await until(() => window.kinds.includes("checked"));
      deepEqual(shown, ["$(warning) 1 new error"]);
    } finally {
      Object.assign(vscode.window, { setStatusBarMessage });
      window.checks = "never";
      errors.dispose();
    }
  });

  it("is no edit of a decision if it is discarded, or if its turn is not shown any more", async () => {
    const document = await window.file("a.ts", TEXT);
    await propose(document, await answeredTurn());
    await proposals.discard(undefined);
    await propose(document, undefined);
    await proposals.accept(undefined);
    equal(document.getText(), PROPOSED);
    deepEqual(window.kinds, []);
  });
});
