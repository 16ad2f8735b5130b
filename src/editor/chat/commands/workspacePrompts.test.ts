import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { WorkspacePrompts } from "./workspacePrompts.ts";

/** The part of VS Code that the prompts use, on real files. */
const editor = vi.hoisted(() => {
  type Listener = () => void;
  const listeners = { trust: new Set<Listener>(), folders: new Set<Listener>(), files: new Set<Listener>() };
  const on = (all: Set<Listener>) => (listener: Listener) => {
    all.add(listener);
    return { dispose: () => all.delete(listener) };
  };
  return {
    isTrusted: true,
    folders: [] as { readonly uri: string }[],
    watched: [] as string[],
    listeners,
    on,
    fire: (what: keyof typeof listeners) => {
      for (const listener of listeners[what]) listener();
    },
  };
});

vi.mock("vscode", () => ({
  FileType: { File: 1 },
  Uri: { joinPath: (folder: string, ...parts: string[]) => join(folder, ...parts) },
  Disposable: {
    from: (...all: { dispose(): void }[]) => ({
      dispose: () => {
        for (const each of all) each.dispose();
      },
    }),
  },
  RelativePattern: class {
    readonly text: string;
    constructor(folder: { readonly uri: string }, pattern: string) {
      this.text = `${folder.uri}/${pattern}`;
    }
  },
  EventEmitter: class {
    readonly #listeners = new Set<() => void>();
    readonly event = editor.on(this.#listeners);
    fire() {
      for (const listener of this.#listeners) listener();
    }
    dispose() {}
  },
  workspace: {
    get isTrusted() {
      return editor.isTrusted;
    },
    get workspaceFolders() {
      return editor.folders;
    },
    onDidGrantWorkspaceTrust: editor.on(editor.listeners.trust),
    onDidChangeWorkspaceFolders: editor.on(editor.listeners.folders),
    createFileSystemWatcher: ({ text }: { readonly text: string }) => {
      editor.watched.push(text);
      const on = editor.on(editor.listeners.files);
      return { onDidCreate: on, onDidChange: on, onDidDelete: on, dispose: () => {} };
    },
    fs: {
      readDirectory: async (folder: string) =>
        (await readdir(folder, { withFileTypes: true })).map((entry) => [
          entry.name,
          // VS Code's `FileType`: a file, a folder, and a link to a file.
          entry.isFile() ? 1 : entry.isDirectory() ? 2 : 65,
        ]),
      stat: async (file: string) => stat(file),
      readFile: async (file: string) => readFile(file),
    },
  },
}));

let root: string;
let warnings: string[];
let prompts: WorkspacePrompts;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "switchyard-prompts-"));
  editor.isTrusted = true;
  editor.folders = ["one", "two"].map((name) => ({ uri: join(root, name) }));
  editor.watched.length = 0;
  warnings = [];
  prompts = new WorkspacePrompts({ warn: (message: string) => warnings.push(message) });
});
afterEach(async () => {
  prompts.dispose();
  await rm(root, { recursive: true, force: true });
});

async function write(folder: string, name: string, content: string): Promise<void> {
  await mkdir(join(root, folder, ".switchyard/prompts"), { recursive: true });
  await writeFile(join(root, folder, ".switchyard/prompts", name), content);
}

const names = async () => (await prompts.get()).map(({ name, text }) => `${name}: ${text}`);

describe("the prompts of a workspace", () => {
  it("are the Markdown files of its folders; of two with one name, that of the first folder", async () => {
    await write("two", "ticket.md", "of two");
    await write("two", "other.md", "of two");
    await write("one", "ticket.md", "of one");
    await write("one", "notes.txt", "no prompt");
    await mkdir(join(root, "one/.switchyard/prompts/folder.md"));
    expect((await names()).toSorted()).toEqual(["other: of two", "ticket: of one"]);
    expect(warnings).toEqual([]);
  });

  it("are none where there is no such folder", async () => {
    expect(await names()).toEqual([]);
    expect(warnings).toEqual([]);
  });

  it("are read only once the workspace is trusted", async () => {
    editor.isTrusted = false;
    await write("one", "ticket.md", "text");
    let changes = 0;
    prompts.onDidChange(() => changes++);
    expect(await names()).toEqual([]);
    expect(editor.watched).toEqual([]);
    editor.isTrusted = true;
    editor.fire("trust");
    expect(changes).toBe(1);
    expect(await names()).toEqual(["ticket: text"]);
  });

  it("are read again after a file has changed, and after the folders have", async () => {
    await write("one", "ticket.md", "before");
    expect(await names()).toEqual(["ticket: before"]);
    expect(editor.watched).toEqual(editor.folders.map(({ uri }) => `${uri}/.switchyard/prompts/*.md`));
    await write("one", "ticket.md", "after");
    expect(await names()).toEqual(["ticket: before"]);
    editor.fire("files");
    expect(await names()).toEqual(["ticket: after"]);
    editor.folders = [];
    editor.fire("folders");
    expect(await names()).toEqual([]);
  });

  it("leave out links, and files that are no prompt, with a line in the log", async () => {
    await writeFile(join(root, "secret"), "secret");
    await write("one", "empty.md", " ");
    await write("one", "long.md", "x".repeat(100_000));
    await symlink(join(root, "secret"), join(root, "one/.switchyard/prompts/link.md"));
    await write("one", "good.md", "text");
    expect(await names()).toEqual(["good: text"]);
    expect(warnings.map((warning) => warning.split(" ", 1)[0]).toSorted()).toEqual([
      ".switchyard/prompts/empty.md",
      ".switchyard/prompts/long.md",
    ]);
  });
});
