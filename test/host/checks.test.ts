import { deepEqual, equal } from "node:assert/strict";
import { after, afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import { describeCheck } from "../../src/explain/editCheck.ts";
import { EditWindow, until } from "./editWindow.ts";

const ORDERS = "export type Order = { cents: number };\n\nexport const free: Order = { cents: 0 };\n";
const TOTAL =
  'import type { Order } from "./orders";\n\nexport const total = (order: Order): number => order.cents;\n';

describe("the check of an edit", () => {
  let window: EditWindow;
  before(async () => {
    window = await EditWindow.open();
    window.checks = true;
  });
  afterEach(() => window.reset());
  after(() => window.close());

  /** What the checks found, in the order of the edits. */
  const found = () =>
    window.events.flatMap((event) => (event.kind === "checked" ? [describeCheck(event.check)] : []));

  it("finds the errors of TypeScript that are new, in its file and in one that uses it", async () => {
    const total = await window.file("total.ts", TOTAL);
    const orders = await window.file("orders.ts", ORDERS, total.uri);
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
    const document = await window.file("a.ts", 'const one = 1;\nexport const text: number = "x";\n');
    await until(() => vscode.languages.getDiagnostics(document.uri).length > 0);
    await window.fix(document, "[replace: one = 1 => one = 2]");
    await until(() => found().length === 1);
    deepEqual(found(), ["1 problem is not fixed"]);
  });

  it("blames no edit where the user types during its check, and stops after an undo", async () => {
    const document = await window.file("a.ts", "export const one = 1;\n");
    await window.modify(document, '[replace: = 1 => : number = "1"]');
    const mine = new vscode.WorkspaceEdit();
    mine.insert(document.uri, new vscode.Position(1, 0), "export const two: number = 'mine';\n");
    await vscode.workspace.applyEdit(mine);
    await until(() => found().length === 1);
    deepEqual(found(), ["Not checked: the file has changed meanwhile"]);
    const text = document.getText();
    await window.modify(document, "[replace: two => three]");
    await vscode.commands.executeCommand("undo");
    equal(document.getText(), text);
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
