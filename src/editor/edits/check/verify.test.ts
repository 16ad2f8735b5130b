import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type * as vscode from "vscode";
import type { Memento } from "../../../../test/support/views/fakeVscode.ts";
import { startTimer } from "../../../base/time/timer.ts";

/** A workspace with one folder, what the user is asked, and the terminals of tasks that are to be opened. */
const fake = vi.hoisted(() => ({
  folder: "",
  asked: 0,
  answered: Promise.resolve(),
  onExecute: undefined as (() => void) | undefined,
  terminals: [] as string[],
  shown: [] as string[],
  written: "",
  closed: [] as unknown[],
}));

vi.mock("vscode", async () => {
  const { EventEmitter: NodeEmitter } = await import("node:events");
  const { l10n } = await import("../../../../test/support/views/fakeVscode.ts");
  const uriOf = (path: string): object => ({
    path,
    fsPath: path,
    scheme: "file",
    with: () => uriOf(path),
    toString: () => path,
  });
  class EventEmitter {
    readonly #emitter = new NodeEmitter();
    readonly event = (listener: (value: unknown) => void) => this.#emitter.on("event", listener);
    fire(value: unknown) {
      this.#emitter.emit("event", value);
    }
  }
  class CustomExecution {
    readonly callback: () => Promise<vscode.Pseudoterminal>;
    constructor(callback: () => Promise<vscode.Pseudoterminal>) {
      this.callback = callback;
    }
  }
  class Task {
    readonly execution: CustomExecution;
    constructor(_: object, __: object, ___: string, ____: string, execution: CustomExecution) {
      this.execution = execution;
    }
  }
  return {
    l10n,
    EventEmitter,
    CustomExecution,
    Task,
    TaskRevealKind: {},
    TaskPanelKind: {},
    Uri: {
      joinPath: (base: { readonly path: string }, ...more: readonly string[]) =>
        uriOf([base.path, ...more].join("/")),
    },
    tasks: {
      executeTask: async ({ execution }: Task) => {
        await null;
        fake.onExecute?.();
        const terminal = await execution.callback();
        terminal.onDidWrite((text) => {
          fake.written += text;
        });
        terminal.onDidClose?.((code) => fake.closed.push(code));
        terminal.open(undefined);
      },
    },
    window: {
      setStatusBarMessage: () => ({ dispose: () => {} }),
      get terminals() {
        return fake.terminals.map((name) => ({ name, show: () => fake.shown.push(name) }));
      },
      showWarningMessage: async (_: string, options: unknown) => {
        if (typeof options === "string") return options;
        fake.asked += 1;
        await fake.answered;
        return "Run After Each Edit";
      },
    },
    workspace: {
      isTrusted: true,
      notebookDocuments: [],
      workspaceFile: undefined,
      get workspaceFolders() {
        return [{ uri: uriOf(fake.folder), name: "shop" }];
      },
      getWorkspaceFolder: ({ path }: { readonly path: string }) =>
        path.startsWith(`${fake.folder}/`) ? { uri: uriOf(fake.folder), name: "shop" } : undefined,
      fs: { readFile: async ({ path }: { readonly path: string }) => readFile(path) },
    },
  };
});

const { Verify } = await import("./verify.ts");
const { Memento: FakeMemento } = await import("../../../../test/support/views/fakeVscode.ts");

let command: string;
beforeEach(async () => {
  fake.folder = await mkdtemp(join(tmpdir(), "switchyard-verify-"));
  Object.assign(fake, { asked: 0, onExecute: undefined, terminals: [], shown: [], written: "", closed: [] });
  command = "echo run >> runs";
});
afterEach(() => rm(fake.folder, { recursive: true, force: true }));

const verify = () => {
  const memory: Memento = new FakeMemento();
  return new Verify({
    verifySettings: () => ({ command, timeoutMs: 60_000 }),
    memory: memory as unknown as vscode.Memento,
    startTimer,
  });
};
const documentOf = (save = async () => true) => {
  const path = join(fake.folder, "a.ts");
  const uri = { path, scheme: "file", with: () => uri, toString: () => path };
  return { uri, save } as unknown as vscode.TextDocument;
};
const { signal } = new AbortController();
const runs = async () =>
  (await readFile(join(fake.folder, "runs"), "utf8").catch(() => "")).split("run").length - 1;

describe("the verify command of accepted edits", () => {
  it("runs once for those that are accepted together", async () => {
    const saved = Promise.withResolvers<boolean>();
    let saves = 0;
    const document = documentOf(() => {
      saves += 1;
      if (saves === 2) saved.resolve(true);
      return saved.promise;
    });
    const verifier = verify();
    const found = await Promise.all([
      verifier.run(document, false, signal),
      verifier.run(document, false, signal),
    ]);
    expect(found).toEqual([undefined, { kind: "passed", by: "command" }]);
    expect(await runs()).toBe(1);
  });

  it("says in its terminal how it failed, and not that the terminal failed to launch", async () => {
    command = "echo no; exit 3";
    expect(await verify().run(documentOf(), false, signal)).toMatchObject({ kind: "failed" });
    expect(fake.written).toBe("> echo no; exit 3\r\nno\r\nThe verify command failed (exit code 3).\r\n");
    expect(fake.closed).toEqual([undefined]);
  });

  it("asks once where the workspace proposes it and several are accepted", async () => {
    await propose(command);
    command = "";
    const answered = Promise.withResolvers<void>();
    fake.answered = answered.promise;
    const verifier = verify();
    const all = [1, 2].map(() => verifier.run(documentOf(), false, signal));
    await expect.poll(() => fake.asked).toBeGreaterThan(0);
    answered.resolve();
    await Promise.all(all);
    expect(fake.asked).toBe(1);
  });

  it("does not run for an edit that is undone while its document is saved", async () => {
    const end = new AbortController();
    const document = documentOf(async () => {
      end.abort();
      return true;
    });
    expect(await verify().run(document, false, end.signal)).toBeUndefined();
    expect(await runs()).toBe(0);
  });

  it("does not run for an edit that is undone before its terminal is open", async () => {
    const end = new AbortController();
    fake.onExecute = () => end.abort();
    expect(await verify().run(documentOf(), false, end.signal)).toBeUndefined();
    expect(await runs()).toBe(0);
  });

  it.each([
    ["a folder", "Verify"],
    ["several folders", "Switchyard: Verify (shop)"],
  ])("shows its output in the terminal that VS Code names in a workspace of %s", async (_, name) => {
    command = "exit 1";
    fake.terminals = ["bash", name, "Verify all"];
    await verify().run(documentOf(), false, signal);
    await expect.poll(() => fake.shown).toEqual([name]);
  });

  it("reports its output without absolute paths", async () => {
    command = `echo "${fake.folder}/src/a.ts:1: wrong"; exit 1`;
    expect(await verify().run(documentOf(), false, signal)).toMatchObject({
      failures: [{ command: 'echo "src/a.ts:1: wrong"; exit 1', lastLines: ["src/a.ts:1: wrong"] }],
    });
  });
});

async function propose(proposed: string): Promise<void> {
  await mkdir(join(fake.folder, ".vscode"));
  const settings = { "switchyard.verify.command": proposed };
  await writeFile(join(fake.folder, ".vscode", "settings.json"), JSON.stringify(settings));
}
