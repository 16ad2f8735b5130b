import { deepEqual, equal, match } from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, it } from "mocha";
import * as vscode from "vscode";
import { withoutAbsolutePaths } from "../../src/editor/chat/context/places.ts";
import { addFolder, type EditWindow, until, useEditWindow } from "./editWindow.ts";

/** Passes where the saved file has this text. */
const has = (file: string, text: string) =>
  `"${process.execPath}" -e "const found = require('node:fs').readFileSync('${file}', 'utf8').includes('${text}'); console.log(found); process.exit(found ? 0 : 4)"`;
const RUN = "Run After Each Edit";

describe("the verify command", () => {
  let window: EditWindow;
  let folder: string;
  let removeFolder: () => Promise<void>;
  let first: vscode.Uri;
  useEditWindow(async (opened) => {
    window = opened;
    folder = await mkdtemp(join(tmpdir(), "switchyard-verify-"));
    removeFolder = await addFolder(vscode.Uri.file(folder), "shop");
    first = vscode.Uri.file(join(folder, "first"));
  });
  after(async () => {
    await removeFolder();
    await rm(folder, { recursive: true, force: true });
  });

  const set = (command: string) => window.set({ "switchyard.verify.command": command });
  const propose = async (command: string) => {
    await mkdir(join(folder, ".vscode"), { recursive: true });
    const settings = { "switchyard.verify.command": command };
    await writeFile(join(folder, ".vscode", "settings.json"), JSON.stringify(settings));
  };
  const checks = () => window.events.flatMap((event) => (event.kind === "checked" ? [event.check] : []));
  /** Edits a file of the folder, and accepts all of the edit. */
  const accept = async (file: string, words: string): Promise<vscode.TextDocument> => {
    const document = await window.file(file, "const a = 1;\nconst b = 2;\n", first);
    await window.modify(document, words);
    window.edits.hunks.acceptAll(document.uri);
    return document;
  };

  it("runs on the saved file when all of an edit is accepted, and its exit code decides", async () => {
    set(has("a.ts", "a = 10"));
    const document = await accept("a.ts", "[replace: a = 1 => a = 10]");
    await until(() => checks().length === 1);
    equal(document.isDirty, false);
    await window.modify(document, "[replace: a = 10 => a = 20]");
    window.edits.hunks.acceptAll(document.uri);
    await until(() => checks().length === 2);
    deepEqual(checks(), [
      { kind: "passed", by: "command" },
      {
        kind: "failed",
        by: "command",
        failures: [
          {
            kind: "command-failed",
            command: withoutAbsolutePaths(has("a.ts", "a = 10")),
            exit: { kind: "exited", code: 4 },
            lastLines: ["false"],
          },
        ],
      },
    ]);
    deepEqual(window.messages, ["The verify command failed (exit code 4)."]);
  });

  it("that failed is sent with the next try, whose edit replaces the accepted one", async () => {
    set(has("d.ts", "a = 10"));
    window.simulator.answerNext("```ts\nconst a = 5;\nconst b = 2;\n```");
    const document = await accept("d.ts", "[replace: a = 1 => a = 10]");
    await until(() => checks().length === 1);
    await window.edits.escalate(undefined);
    equal(document.getText(), "const a = 10;\nconst b = 2;\n");
    deepEqual(window.kinds, ["applied", "accepted", "checked", "replaced", "applied"]);
    match(JSON.stringify(window.simulator.requests().at(-1)), /failed with exit code 4/);
  });

  it("does not run where a part of the edit was discarded, but when the user asks for it", async () => {
    set(has("b.ts", "a = 10"));
    const document = await window.file("b.ts", "const a = 1;\n\nconst b = 2;\n", first);
    await window.modify(document, "[replace: a = 1 => a = 10] [replace: b = 2 => b = 20]");
    window.edits.hunks.acceptHunk(undefined);
    await window.edits.hunks.discardAll(document.uri);
    equal(document.isDirty, true);
    deepEqual(window.kinds, ["applied", "accepted"]);
    await window.edits.verify();
    deepEqual(checks(), [{ kind: "passed", by: "command" }]);
  });

  it("of a workspace runs only after the user has confirmed it, once", async () => {
    await propose(has("c.ts", "a = 10"));
    await accept("c.ts", "[replace: a = 1 => a = 10]");
    await until(() => window.messages.length === 1);
    deepEqual(window.messages, ["shop proposes a command that checks edits."]);
    window.answers.push(RUN);
    await window.edits.verify();
    await window.edits.verify();
    equal(window.messages.length, 2);
    deepEqual(
      checks().map(({ kind }) => kind),
      ["passed", "passed"],
    );
  });
});
