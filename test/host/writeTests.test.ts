import { deepEqual, equal, match, ok } from "node:assert/strict";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, describe, it } from "mocha";
import * as vscode from "vscode";
import { WriteTests } from "../../src/editor/edits/tests/writeTests.ts";
import { addFolder, type EditWindow, until, useEditWindow, withFolder } from "./editWindow.ts";
import { MemoryFiles } from "./memoryFiles.ts";

const FILES = {
  "src/order.ts": "export const order = () => 3;\n",
  "src/retry.ts": "export const retry = () => 1;\n",
  "src/total.ts": "export const total = () => 2;\n",
  "test/total.test.ts": 'import { total } from "../src/total.ts";\ncheck(total() === 2);\n',
};
const TESTS = 'import { retry } from "../src/retry.ts";\ncheck(retry() === 1);\n';

describe("Write Tests", () => {
  let window: EditWindow;
  let tests: WriteTests;
  let folder: string;
  let removeFolder: () => Promise<void>;
  useEditWindow(async (opened) => {
    window = opened;
    tests = new WriteTests({
      edit: (...args) => window.edits.edit(...args),
      privatePaths: () => window.privatePaths,
    });
    folder = await mkdtemp(join(tmpdir(), "switchyard-tests-"));
    for (const [name, text] of Object.entries(FILES)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
    removeFolder = await addFolder(vscode.Uri.file(folder), "shop");
  });
  after(async () => {
    await removeFolder();
    await rm(folder, { recursive: true, force: true });
  });

  /** Writes tests for a file, or for the given lines. The simulator answers with a code block of the tests. */
  const write = async (name: string, selection = new vscode.Range(0, 0, 0, 0)) => {
    window.simulator.answerNext(`\`\`\`ts\n${TESTS}\`\`\``);
    await tests.write(await vscode.workspace.openTextDocument(join(folder, name)), selection);
  };
  const lastRequest = () => JSON.stringify(window.simulator.requests().at(-1)?.body);

  it("names the file beforehand, shows the tests in it, and creates it when they are saved", async () => {
    await write("src/order.ts");
    deepEqual(window.prompts, ["Tests go into shop/test/order.test.ts (new)."]);
    const document = vscode.window.activeTextEditor?.document;
    equal(document?.getText(), TESTS);
    equal(document?.languageId, "typescript");
    const file = join(folder, "test", "order.test.ts");
    equal(existsSync(file), false);
    match(lastRequest(), /Write tests for shop\/src\/order\.ts:/);
    match(lastRequest(), /File shop\/src\/order\.ts:.*order = \(\) => 3.*File shop\/test\/total\.test\.ts/);
    window.edits.hunks.acceptAll(document?.uri);
    equal(existsSync(file), false);
    await document?.save();
    equal(await readFile(file, "utf8"), TESTS);
    await until(() => document?.isClosed === true);
    await window.passTime();
    deepEqual(window.kinds, ["applied", "accepted", "kept"]);
  });

  it("go to a stronger model if the verify command fails with them", async () => {
    window.type = () => "test/checked.test.ts";
    window.set({ "switchyard.verify.command": "grep -q right test/checked.test.ts" });
    await write("src/retry.ts");
    const { document } = vscode.window.activeTextEditor ?? {};
    window.edits.hunks.acceptAll(document?.uri);
    await until(() => window.kinds.includes("checked"));
    window.simulator.answerNext(`\`\`\`ts\n// right\n${TESTS}\`\`\``);
    await window.edits.escalate(undefined);
    const file = vscode.Uri.file(join(folder, "test", "checked.test.ts"));
    equal((await vscode.workspace.openTextDocument(file)).getText(), `// right\n${TESTS}`);
    deepEqual(window.kinds, ["applied", "accepted", "checked", "replaced", "applied"]);
  });

  it("keeps tests that are saved without being accepted", async () => {
    window.type = () => "test/kept.test.ts";
    await write("src/retry.ts");
    const document = vscode.window.activeTextEditor?.document;
    await vscode.commands.executeCommand("workbench.action.files.save");
    await until(() => document?.isClosed === true);
    equal(await readFile(join(folder, "test", "kept.test.ts"), "utf8"), TESTS);
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await until(() => window.kinds.length === 2);
    deepEqual(window.kinds, ["applied", "kept"]);
  });

  it("keeps tests that are formatted when they are saved", async () => {
    const files = vscode.workspace.getConfiguration("files");
    const { Global } = vscode.ConfigurationTarget;
    await files.update("trimTrailingWhitespace", true, Global);
    window.type = () => "test/formatted.test.ts";
    window.simulator.answerNext(`\`\`\`ts\n${TESTS.replace(";", ";  ")}\`\`\``);
    await tests.write(
      await vscode.workspace.openTextDocument(join(folder, "src/retry.ts")),
      new vscode.Range(0, 0, 0, 0),
    );
    const document = vscode.window.activeTextEditor?.document;
    await vscode.commands.executeCommand("workbench.action.files.save");
    await until(() => document?.isClosed === true);
    await files.update("trimTrailingWhitespace", undefined, Global);
    equal(await readFile(join(folder, "test", "formatted.test.ts"), "utf8"), TESTS);
    deepEqual(window.kinds, ["applied", "kept"]);
  });

  it("closes a new file whose tests are discarded, and creates nothing", async () => {
    await write("src/retry.ts");
    const document = vscode.window.activeTextEditor?.document;
    ok(document?.isUntitled);
    await window.edits.hunks.discardAll(document.uri);
    await tests.closeEmpty();
    await until(() => document.isClosed);
    equal(existsSync(join(folder, "test", "retry.test.ts")), false);
    deepEqual(window.kinds, ["applied", "discarded"]);
  });

  it("closes the new file if there is no answer", async () => {
    window.simulator.answerNext("I cannot test this.");
    await tests.write(
      await vscode.workspace.openTextDocument(join(folder, "src/retry.ts")),
      new vscode.Range(0, 0, 0, 0),
    );
    match(window.messages[0] ?? "", /I cannot test this/);
    equal(vscode.window.tabGroups.activeTabGroup.activeTab, undefined);
  });

  it("extends a test file that exists, of which nothing else changes", async () => {
    const added = "check(total() !== 3);";
    window.simulator.answerNext(
      `<<<<<<< SEARCH\ncheck(total() === 2);\n=======\ncheck(total() === 2);\n${added}\n>>>>>>> REPLACE\n`,
    );
    await tests.write(
      await vscode.workspace.openTextDocument(join(folder, "src/total.ts")),
      new vscode.Range(0, 0, 1, 0),
    );
    deepEqual(window.prompts, ["Tests go into shop/test/total.test.ts, which exists."]);
    const document = vscode.window.activeTextEditor?.document;
    equal(document?.getText(), `${FILES["test/total.test.ts"]}${added}\n`);
    match(lastRequest(), /Write tests for shop\/src\/total\.ts:1:/);
    await window.edits.hunks.discardAll(document?.uri);
    equal(document?.getText(), FILES["test/total.test.ts"]);
  });

  it("goes where the user says, and nowhere outside of the folder", async () => {
    window.type = () => "spec/retry.spec.ts";
    await write("src/retry.ts");
    deepEqual(window.prompts.slice(1), ["Tests go into shop/spec/retry.spec.ts (new)."]);
    const { uri } = vscode.window.activeTextEditor?.document ?? {};
    equal(uri?.path, join(folder, "spec/retry.spec.ts"));
    await window.edits.hunks.discardAll(uri);
    await tests.closeEmpty();

    const requests = window.simulator.requestCount();
    for (const path of ["../retry.test.ts", "/tmp/retry.test.ts", "test/", ""]) {
      window.type = () => path;
      await write("src/retry.ts");
    }
    equal(window.simulator.requestCount(), requests);
  });

  it("stays on this machine if the code or the tests are private", async () => {
    for (const privatePath of ["src/retry.ts", "test/**"]) {
      window.set({
        "switchyard.privatePaths": [privatePath],
        "switchyard.routes": [{ name: "All", models: ["east/sim-cheap", "home/sim-local"] }],
      });
      await write("src/retry.ts");
      equal(window.events.at(-1)?.edit.tries[0]?.summary.modelUsed, "home/sim-local", privatePath);
      await window.edits.hunks.discardAll(vscode.window.activeTextEditor?.document.uri);
      await tests.closeEmpty();
    }
  });

  it("finds the tests of a virtual file system, which has no search", async () => {
    const memory = new MemoryFiles();
    const registration = vscode.workspace.registerFileSystemProvider("switchyard-virtual", memory);
    const root = vscode.Uri.parse("switchyard-virtual:/shop");
    for (const [name, text] of Object.entries(FILES)) memory.add(vscode.Uri.joinPath(root, name), text);
    await withFolder(root, "virtual", async () => {
      window.type = () => undefined;
      await tests.write(
        await vscode.workspace.openTextDocument(vscode.Uri.joinPath(root, "src/retry.ts")),
        new vscode.Range(0, 0, 0, 0),
      );
      deepEqual(window.prompts, ["Tests go into virtual/test/retry.test.ts (new)."]);
    });
    registration.dispose();
  });
});
