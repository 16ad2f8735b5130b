import { deepEqual, equal, match } from "node:assert/strict";
import { after, describe, it } from "mocha";
import * as vscode from "vscode";
import { type EditWindow, until, useEditWindow } from "./editWindow.ts";
import { LineErrors } from "./lineErrors.ts";

const SIZE = "// Above\nexport const size = 1;\n// Below\n";
const WORDS = "[edit: wrong sim-cheap] [replace: 1 => 2]";
const RIGHT = SIZE.replace("1", "2");

describe("an edit that failed its check", () => {
  let window: EditWindow;
  const errors = new LineErrors("not a number");
  useEditWindow((opened) => {
    window = opened;
  });
  after(() => errors.dispose());

  /** A document with a wrong edit whose check has failed. Errors of TypeScript come after some seconds, others at once. */
  async function failed(language: "ts" | "txt" = "txt"): Promise<vscode.TextDocument> {
    window.checks = language === "ts" ? "as-they-are" : "by-reports";
    const document = await window.file(`size.${language}`, SIZE);
    if (language === "txt") await errors.report(document);
    await window.modify(document, WORDS);
    await until(() => window.kinds.includes("checked"));
    match(document.getText(), /not a number/);
    return document;
  }

  /** Starts the next try, and resolves once a model writes. `ended` lets it end. */
  async function startNext(): Promise<{ readonly ended: () => Promise<void> }> {
    const release = window.simulator.hold();
    const requests = window.simulator.requests().length;
    const next = window.edits.escalate(undefined);
    await until(() => window.simulator.requests().length > requests);
    return {
      ended: async () => {
        release();
        await next;
      },
    };
  }

  it("is replaced by that of a stronger model, both are explained, and one undo leads to the text without any edit", async () => {
    const document = await failed("ts");
    await window.edits.escalate(undefined);
    equal(document.getText(), RIGHT);
    await until(() => window.kinds.length === 5);
    deepEqual(window.kinds, ["applied", "checked", "replaced", "applied", "checked"]);
    const last = window.events.at(-1);
    equal(last?.kind === "checked" && last.check.kind, "passed");
    equal(last?.edit.tries.at(-1)?.decision.attributes.escalation?.newErrors, 1);
    await window.edits.why(undefined);
    match(window.reports.join(), /sim-cheap +\| First try +\| .*\$0\.0/);
    match(window.reports.join(), /sim-balanced +\| Escalated: 1 new error +\| .*\$0\.0/);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), SIZE);
    equal(window.kinds.at(-1), "undone");
  });

  it("is replaced around what the user has written meanwhile", async () => {
    const document = await failed();
    const { ended } = await startNext();
    await window.insert(document, document.lineCount - 1, "// Mine\n");
    await ended();
    equal(document.getText(), `${RIGHT}// Mine\n`);
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), `${SIZE}// Mine\n`);
  });

  it("stays where the user has written in its lines meanwhile, and a message says so", async () => {
    const document = await failed();
    const { ended } = await startNext();
    await window.insert(document, 2, "// Mine: ");
    const text = document.getText();
    await ended();
    equal(document.getText(), text);
    match(window.messages.join(), /Nothing was overwritten: the edit by sim-balanced was left out/);
  });

  it("stops the next try when it is accepted, and a message says so", async () => {
    const document = await failed();
    const text = document.getText();
    const { ended } = await startNext();
    window.edits.hunks.acceptAll(document.uri);
    await ended();
    equal(document.getText(), text);
    match(window.messages.join(), /You have decided on the edit, so sim-\w+ was stopped/);
  });

  it("goes to a stronger model if it is discarded and the same is asked for again", async () => {
    const document = await window.file("size.ts", SIZE);
    for (const words of ["[replace: 1 => 2]", "[replace: 1 => 2]", "[replace: 1 => 3]"]) {
      await window.modify(document, words);
      await window.edits.hunks.discardAll(document.uri);
    }
    const models = window.events.flatMap(({ kind, edit }) =>
      kind === "discarded" ? [edit.tries.at(-1)?.summary.modelUsed] : [],
    );
    deepEqual(models, ["east/sim-cheap", "west/sim-balanced", "east/sim-cheap"]);
  });

  it("goes to the first model if a fix of another problem was discarded before", async () => {
    const document = await window.file("size.ts", SIZE);
    const problems = vscode.languages.createDiagnosticCollection("test");
    const { Error: severity } = vscode.DiagnosticSeverity;
    for (const message of ["one", "one", "other"]) {
      problems.set(document.uri, [new vscode.Diagnostic(new vscode.Range(0, 0, 0, 1), message, severity)]);
      await window.fix(document, "[replace: 1 => 2]");
      await window.edits.hunks.discardAll(document.uri);
    }
    problems.dispose();
    const models = window.events.flatMap(({ kind, edit }) =>
      kind === "discarded" ? [edit.tries.at(-1)?.summary.modelUsed] : [],
    );
    deepEqual(models, ["east/sim-cheap", "west/sim-balanced", "east/sim-cheap"]);
  });
});
