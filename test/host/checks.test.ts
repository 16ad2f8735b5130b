import { deepEqual, equal } from "node:assert/strict";
import { after, beforeEach, describe, it } from "mocha";
import * as vscode from "vscode";
import { describeCheck } from "../../src/explain/editCheck.ts";
import { type EditWindow, until, useEditWindow } from "./editWindow.ts";
import { LineErrors } from "./lineErrors.ts";

const ORDERS = "export type Order = { cents: number };\n\nexport const free: Order = { cents: 0 };\n";
const TOTAL =
  'import type { Order } from "./orders";\n\nexport const total = (order: Order): number => order.cents;\n';

describe("the check of an edit", () => {
  let window: EditWindow;
  const errors = new LineErrors("wrong");
  useEditWindow(async (opened) => {
    window = opened;
    // A check waits for so long at most. TypeScript may need longer to start.
    const document = await window.file("start.ts", "export const text: number = '';\n");
    await until(() => vscode.languages.getDiagnostics(document.uri).length > 0);
    await window.reset();
  });
  beforeEach(() => {
    window.checks = "by-reports";
    errors.isReporting = true;
  });
  after(() => errors.dispose());

  /** What the checks found, in the order of the edits. */
  const found = () =>
    window.events.flatMap((event) => (event.kind === "checked" ? [describeCheck(event.check)] : []));

  it("finds the errors of TypeScript that are new, in its file and in one that uses it", async () => {
    window.checks = "as-they-are";
    const orders = await window.file("orders.ts", ORDERS);
    await window.file("total.ts", TOTAL, orders.uri);
    await vscode.window.showTextDocument(orders);
    await window.modify(orders, "[replace: cents: 0 => cents: 1]");
    await until(() => found().length === 1);
    await window.modify(orders, "[replace: { cents: number } => { amount: number }]");
    await until(() => found().length === 2);
    deepEqual(found(), ["No new errors", "2 new errors"]);
    const [, failed] = window.events.flatMap((event) => (event.kind === "checked" ? [event.check] : []));
    const problems =
      failed?.kind === "failed"
        ? failed.failures.flatMap((failure) => (failure.kind === "new-errors" ? failure.problems : []))
        : [];
    deepEqual(
      problems.map(({ path, line, source, code }) => [path, line, source, code]),
      [
        ["orders.ts", 2, "ts", "2353"],
        ["total.ts", 2, "ts", "2339"],
      ],
    );
  });

  it("fails where the problem is still there that the edit was to fix", async () => {
    window.checks = "as-they-are";
    const document = await window.file("a.ts", 'const one = 1;\nexport const text: number = "x";\n');
    await until(() => vscode.languages.getDiagnostics(document.uri).length > 0);
    await window.fix(document, "[replace: one = 1 => one = 2]");
    await until(() => found().length === 1);
    deepEqual(found(), ["1 problem is not fixed"]);
  });

  it("blames no edit where the user types during its check, and stops after an undo", async () => {
    const document = await window.file("a.txt", "one = 1\n");
    await errors.report(document);
    errors.isReporting = false;
    await window.modify(document, "[replace: = 1 => = wrong]");
    await window.insert(document, 1, "two = wrong\n");
    await errors.report(document);
    await until(() => found().length === 1);
    deepEqual(found(), ["Not checked: the file has changed meanwhile"]);
    const text = document.getText();
    await window.modify(document, "[replace: two => three]");
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), text);
    errors.isReporting = true;
    await window.modify(document, "[replace: two => four]");
    await until(() => found().length === 2);
    deepEqual(window.kinds, ["applied", "checked", "applied", "undone", "applied", "checked"]);
  });

  it("is not made where nothing reports errors", async () => {
    const document = await window.file("a.txt", "one\n");
    await window.modify(document, "[replace: one => two]");
    await until(() => found().length === 1);
    deepEqual(found(), ["Not checked: nothing reports errors for this language"]);
  });
});
