import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as vscode from "vscode";
import {
  DiagnosticSeverity,
  documentOf,
  Range,
  setFolders,
  state,
  terminalListeners,
  Uri,
  window,
} from "../../../../test/support/views/fakeWorkspace.ts";
import type { Gathered } from "../../../assistant/context.ts";
import type { ContextItem } from "../../../contract/context.ts";
import { droppedText, file } from "./file.ts";
import { folder } from "./folder.ts";
import { changes } from "./git/changes.ts";
import { allProblems, problemsOf } from "./problems.ts";
import { activeFile, selections, selectionsOrFile } from "./selection.ts";
import { plainText, TerminalOutput } from "./terminal.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeWorkspace.ts"));

const root = "file:///home/me/shop";
const uri = (path: string) => Uri.parse(`${root}/${path}`) as unknown as vscode.Uri;

const whole = Uri.parse(root) as unknown as vscode.Uri;

beforeEach(() => {
  setFolders(root);
  state.files.clear();
  state.links.clear();
  state.diagnostics.clear();
  state.settings.clear();
  state.git = undefined;
  window.activeTextEditor = undefined;
  window.activeTerminal = undefined;
});

function write(files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) state.files.set(`${root}/${path}`, text);
}

function itemsOf(gathered: Gathered): readonly ContextItem[] {
  if (gathered.kind === "none") throw new Error(gathered.reason);
  return gathered.items;
}

function onlyItem(gathered: Gathered): ContextItem {
  const [item, ...others] = itemsOf(gathered);
  if (item === undefined || others.length > 0) throw new Error(`There are ${others.length + 1} items.`);
  return item;
}

const reasonOf = (gathered: Gathered) => (gathered.kind === "none" ? gathered.reason : undefined);

/** Shows a file in the active editor, with these selections. */
function show(path: string, text: string, ...selected: readonly Range[]): void {
  window.activeTextEditor = {
    document: documentOf(Uri.parse(`${root}/${path}`), text),
    selections: selected,
  };
}

describe("the active editor", () => {
  it("gives every selection, with its lines", () => {
    show(
      "src/a.ts",
      "one\ntwo\nthree\n",
      new Range(0, 0, 1, 0),
      new Range(2, 1, 2, 3),
      new Range(2, 4, 2, 4),
    );
    expect(itemsOf(selections([]))).toMatchObject([
      { kind: "selection", path: "src/a.ts", startLine: 1, endLine: 1, text: "one\n", isPrivate: false },
      { kind: "selection", path: "src/a.ts", startLine: 3, endLine: 3, text: "hr" },
    ]);
  });

  it("gives its whole file if nothing is selected", () => {
    show("src/a.ts", "one\ntwo", new Range(1, 1, 1, 1));
    expect(reasonOf(selections([]))).toBe("Nothing is selected in the editor.");
    expect(onlyItem(selectionsOrFile([]))).toMatchObject({ kind: "file", startLine: 1, endLine: 2 });
  });

  it("is reported as missing where none is open", () => {
    expect(reasonOf(selectionsOrFile([]))).toBe("No editor is open. Type # and the name of a file.");
  });

  it("gives a private file for local models only", () => {
    show(".env", "KEY=1");
    expect(onlyItem(activeFile([".env"])).isPrivate).toBe(true);
  });
});

describe("a file", () => {
  it("that is ignored is attached if the user names it, and marked", async () => {
    write({ "dist/a.js": "a", "src/a.ts": "b", ".gitignore": "# built\n/dist\n" });
    expect(onlyItem(await file(uri("dist/a.js"), []))).toMatchObject({ path: "dist/a.js", isIgnored: true });
    expect(onlyItem(await file(uri("src/a.ts"), [])).isIgnored).toBeUndefined();
  });

  it("that was dropped from elsewhere has its name alone", () => {
    const item = onlyItem(droppedText("/home/me/notes.txt", "x", []));
    expect(item).toMatchObject({ kind: "file", path: "notes.txt", tokens: 1 });
    expect(item.source).toBeUndefined();
    expect(reasonOf(droppedText("a.bin", "a\0b", []))).toBe("a.bin cannot be read as text.");
    expect(onlyItem(droppedText("id.pem", "x", ["*.pem"])).isPrivate).toBe(true);
  });

  it("that is longer than any window is cut, and says so", () => {
    const line = "x".repeat(999_999);
    const item = onlyItem(droppedText("a.txt", Array(10).fill(line).join("\n"), []));
    expect(item.leftOut).toEqual({ unit: "lines", included: 8, total: 10 });
    expect(item.text.length).toBeLessThanOrEqual(8_000_000);
  });
});

describe("a folder", () => {
  it("gives the names of its files and the content of small ones, within its bound of tokens", async () => {
    const long = "const a = 1;\n".repeat(1_200);
    write({ "src/a.ts": "export {};", "src/deep/b.ts": "const b = 2;", "src/big.ts": `${long}${long}` });
    for (let n = 0; n < 9; n++) write({ [`src/more/${n}.ts`]: long.slice(0, 9_000) });
    const item = onlyItem(await folder(uri("src"), []));
    expect(item).toMatchObject({ kind: "folder", path: "src", leftOut: { unit: "files", total: 12 } });
    expect(item.tokens).toBeLessThanOrEqual(20_500);
    expect(item.text).toMatch(/^src\/a\.ts\nsrc\/big\.ts\nsrc\/deep\/b\.ts\n/);
    expect(item.text).toContain("src/a.ts:\n```\nexport {};\n```");
    expect(item.text).not.toContain("src/big.ts:");
  });

  it("gives no file that is private, or that Git or a setting ignores", async () => {
    write({ "a.ts": "a", ".env": "KEY=1", "dist/b.js": "b", "hidden/c.ts": "c", ".gitignore": "dist\n" });
    state.settings.set("files.exclude", { "**/hidden": true, "**/*.ts": false });
    const item = onlyItem(await folder(whole, [".env"]));
    expect(item).toMatchObject({ paths: [".gitignore", "a.ts"], isPrivate: false });
    expect(item.text).not.toContain("KEY");
  });

  it("names a link, and does not read what it leads to", async () => {
    write({ "src/a.ts": "a", "src/link": "the text of ~/.netrc" });
    state.links.add(`${root}/src/link`);
    const item = onlyItem(await folder(uri("src"), []));
    expect(item).toMatchObject({ paths: ["src/a.ts"], leftOut: { included: 1, total: 2 } });
    expect(item.text).not.toContain("netrc");
  });

  it("reads no file of a linked folder, which may be outside of the workspace", async () => {
    write({ "src/a.ts": "a", "src/linked/deep/b.ts": "the text of ~/.netrc" });
    state.links.add(`${root}/src/linked`);
    const item = onlyItem(await folder(whole, []));
    expect(item).toMatchObject({ paths: ["src/a.ts"], leftOut: { included: 1, total: 2 } });
    expect(item.text).not.toContain("netrc");
  });

  it("asks Git which files it ignores, where Git is there", async () => {
    write({ "a.ts": "a", "b.ts": "b" });
    const checkIgnore = async (paths: readonly string[]) =>
      new Set(paths.filter((path) => path.endsWith("b.ts")));
    state.git = { state: "initialized", repositories: [], getRepository: () => ({ checkIgnore }) };
    expect(onlyItem(await folder(whole, []))).toMatchObject({ paths: ["a.ts"] });
  });
});

describe("problems", () => {
  const error = {
    message: "Value expected",
    severity: DiagnosticSeverity.Error,
    range: new Range(2, 4, 2, 5),
  };
  const hint = { ...error, severity: DiagnosticSeverity.Hint };
  const warning = { ...error, severity: DiagnosticSeverity.Warning, source: "ts", code: 6133 };

  it("are those of one file, or of all, the errors first", () => {
    state.diagnostics.set(`${root}/a.json`, [hint, warning, error]);
    state.diagnostics.set(`${root}/b.json`, [error]);
    expect(onlyItem(problemsOf(uri("a.json"), []))).toMatchObject({
      kind: "problems",
      path: "a.json",
      count: 2,
      text: "a.json:3:5: error: Value expected\na.json:3:5: warning ts(6133): Value expected",
    });
    expect(onlyItem(allProblems([]))).toMatchObject({ count: 3, paths: ["a.json", "b.json"] });
    expect(reasonOf(problemsOf(uri("c.json"), []))).toBe("c.json has no problems.");
  });

  it("name files in their messages by relative paths only", () => {
    const message = `Cannot find module '${root}/b.ts'`;
    state.diagnostics.set(`${root}/a.json`, [{ ...error, message }]);
    expect(onlyItem(problemsOf(uri("a.json"), [])).text).toMatch(/: Cannot find module 'file:\/\/b\.ts'$/);
  });

  it("of private files are attached only for such a file itself", () => {
    state.diagnostics.set(`${root}/a.json`, [error]);
    expect(reasonOf(allProblems(["a.json"]))).toBe("No file has problems.");
    expect(onlyItem(problemsOf(uri("a.json"), ["a.json"])).isPrivate).toBe(true);
  });

  it("beyond a limit are counted, not listed", () => {
    state.diagnostics.set(`${root}/a.json`, Array(250).fill(error));
    const item = onlyItem(allProblems([]));
    expect(item).toMatchObject({ count: 250, leftOut: { unit: "problems", included: 100, total: 250 } });
  });
});

describe("uncommitted changes", () => {
  const repository = (...paths: readonly string[]) => ({
    rootUri: Uri.parse(root),
    state: {
      HEAD: { commit: "abc" },
      indexChanges: paths.slice(0, 1).map((path) => ({ uri: Uri.parse(`${root}/${path}`), status: 0 })),
      workingTreeChanges: paths.map((path) => ({
        uri: Uri.parse(`${root}/${path}`),
        status: path.startsWith("new") ? 7 : 5,
      })),
      mergeChanges: [],
      untrackedChanges: [],
    },
    status: async () => {},
    diffWithHEAD: async (path: string) => `diff of ${path.slice(path.lastIndexOf("/") + 1)}\n`,
  });
  const withGit = (...repositories: readonly unknown[]) => {
    state.git = { state: "initialized", repositories, getRepository: () => null };
  };

  it("are the differences of all files to the last commit, and new files as a whole", async () => {
    write({ "new.ts": "one\ntwo\n" });
    withGit(repository("a.ts", "b.ts", "new.ts"));
    const item = onlyItem(await changes([]));
    expect(item).toMatchObject({ kind: "changes", paths: ["a.ts", "b.ts", "new.ts"] });
    expect(item.text).toBe(
      "diff of a.ts\ndiff of b.ts\ndiff --git a/new.ts b/new.ts\nnew file\n--- /dev/null\n+++ b/new.ts\n@@ -0,0 +1,2 @@\n+one\n+two",
    );
  });

  it("leave out private files", async () => {
    withGit(repository("a.ts", ".env"));
    expect(onlyItem(await changes([".env"]))).toMatchObject({ paths: ["a.ts"], isPrivate: false });
  });

  it("follow no link out of the workspace, and read no file that is far too long", async () => {
    write({ "new.ts": "one", "new-link": "the text of ~/.netrc", "new-log": "x".repeat(2_000_000) });
    state.links.add(`${root}/new-link`);
    const both = repository("new-link", "new-log");
    withGit({ ...both, state: { ...both.state, indexChanges: [] } });
    expect(reasonOf(await changes([]))).toBe(
      "What has changed since the last commit cannot be attached as text.",
    );
    withGit(repository("new.ts", "new-link", "new-log"));
    const item = onlyItem(await changes([]));
    expect(item).toMatchObject({ paths: ["new.ts"], leftOut: { unit: "files", included: 1, total: 3 } });
    expect(item.text).not.toContain("netrc");
  });

  it("say why there are none", async () => {
    expect(reasonOf(await changes([]))).toMatch(/Git extension is turned off/);
    withGit();
    expect(reasonOf(await changes([]))).toBe("No folder of this workspace is a Git repository.");
    withGit(repository());
    expect(reasonOf(await changes([]))).toBe("Nothing has changed since the last commit.");
  });
});

describe("the terminal", () => {
  async function run(terminal: unknown, command: string, chunks: readonly string[], exitCode?: number) {
    const read = async function* () {
      yield* chunks;
    };
    const execution = { commandLine: { value: command }, read };
    for (const listener of terminalListeners.start) listener({ terminal, execution } as never);
    // The stream is read in steps of its own.
    await new Promise((resolve) => setImmediate(resolve));
    for (const listener of terminalListeners.end) listener({ terminal, execution, exitCode } as never);
  }
  const open = () => {
    for (const event of ["start", "end", "close"] as const) terminalListeners[event].length = 0;
    return new TerminalOutput((error) => {
      throw error;
    });
  };

  it("gives the last command of the active terminal with its output and exit code", async () => {
    const output = open();
    const [bash, zsh] = [{ name: "bash" }, { name: "zsh" }];
    await run(bash, "npm test", ["\u001b]633;C\u0007\u001b[31mone\u001b[0m\r\n", "two\r\n"], 1);
    await run(zsh, "ls", ["a\r\n"], 0);
    window.activeTerminal = bash;
    expect(onlyItem(output.gather())).toMatchObject({
      kind: "terminal",
      command: "npm test",
      terminal: "bash",
      exitCode: 1,
      text: "$ npm test\none\ntwo",
    });
    await run(bash, "true", [], 0);
    expect(onlyItem(output.gather()).text).toBe("$ true\n(The terminal reported no output.)");
    await run(zsh, "ls", ["a\r\n"], 0);
    window.activeTerminal = { name: "new" };
    expect(onlyItem(output.gather())).toMatchObject({ command: "ls" });
  });

  it("keeps the end of a long output, and says how much that is", async () => {
    const output = open();
    await run({ name: "bash" }, "seq", [Array.from({ length: 20_000 }, (_, n) => `${n}\r\n`).join("")], 0);
    const item = onlyItem(output.gather());
    expect(item.text).toMatch(/19999$/);
    expect(item.leftOut).toMatchObject({ unit: "lines", total: 20_001 });
  });

  it("says why there is no output", () => {
    const output = open();
    expect(reasonOf(output.gather())).toBe("No terminal is open.");
    window.activeTerminal = { name: "fish" };
    expect(reasonOf(output.gather())).toBe("Shell integration is not active in fish.");
    window.activeTerminal = { name: "fish", shellIntegration: {} };
    expect(reasonOf(output.gather())).toBe("No command has run in fish yet.");
  });

  it("shows of a line that was overwritten its last state", () => {
    expect(plainText("10%\r50%\r100%\r\ndone")).toBe("100%\ndone");
    expect(plainText(`${"\r".repeat(500_000)}done`)).toBe("done");
  });
});
