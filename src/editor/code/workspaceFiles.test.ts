import { beforeEach, describe, expect, it, vi } from "vitest";
import { WorkspaceFiles } from "./workspaceFiles.ts";

/** A workspace of two folders, with the calls that left it. */
const fake = vi.hoisted(() => {
  const files = new Set<string>();
  const stats: string[] = [];
  const searches: string[] = [];
  const opened: unknown[][] = [];
  const messages: string[] = [];
  const picks: string[][] = [];
  const uri = (path: string) => ({ path, toString: () => `file://${path}` });
  return { files, stats, searches, opened, messages, picks, uri };
});

vi.mock("vscode", () => ({
  FileType: { File: 1 },
  Range: class {
    readonly line: number;
    readonly column: number;
    constructor(line: number, column: number) {
      this.line = line;
      this.column = column;
    }
  },
  CancellationTokenSource: class {
    readonly token = {};
    cancel() {}
    dispose() {}
  },
  Uri: { joinPath: ({ path }: { path: string }, relative: string) => fake.uri(`${path}/${relative}`) },
  l10n: {
    t: (text: string, places: Record<string, string> = {}) =>
      text.replace(/\{(\w+)\}/g, (_, name) => places[name] ?? ""),
  },
  window: {
    showQuickPick: async (items: { label: string }[]) => {
      fake.picks.push(items.map(({ label }) => label));
      return items[1];
    },
    showWarningMessage: async (message: string) => void fake.messages.push(message),
  },
  commands: { executeCommand: async (...call: unknown[]) => void fake.opened.push(call) },
  workspace: {
    workspaceFolders: [
      { name: "app", uri: fake.uri("/home/me/app") },
      { name: "lib", uri: fake.uri("/home/me/lib") },
    ],
    asRelativePath: ({ path }: { path: string }) => path.replace("/home/me/", ""),
    fs: {
      stat: async ({ path }: { path: string }) => {
        fake.stats.push(path);
        if (!fake.files.has(path)) throw new Error("FileNotFound");
        return { type: 1 };
      },
    },
    findFiles: async (pattern: string) => {
      fake.searches.push(pattern);
      return [...fake.files].map(fake.uri);
    },
  },
}));

beforeEach(() => {
  fake.files.clear();
  for (const file of [
    "/home/me/app/src/a.ts",
    "/home/me/app/README.md",
    "/home/me/lib/README.md",
    "/home/me/lib/src/deep/b.ts",
  ]) {
    fake.files.add(file);
  }
  fake.files.add("/etc/hosts.ts");
  for (const calls of [fake.stats, fake.searches, fake.opened, fake.messages, fake.picks]) calls.length = 0;
});

describe("the files of a workspace that an answer names", () => {
  it("are found in each folder, with the folder's name, absolute, and below a folder", async () => {
    const names = [
      "src/a.ts:8",
      "lib/README.md",
      "/home/me/app/src/a.ts#L2",
      "deep/b.ts",
      "b.ts",
      "c.ts",
      "console.log",
    ];
    expect(await new WorkspaceFiles().existing(names)).toEqual(names.slice(0, 5));
    expect(fake.searches).toEqual(["**/{deep/b.ts,b.ts,c.ts,console.log}"]);
  });

  it("are never looked for outside of its folders", async () => {
    const names = [
      "/etc/hosts.ts",
      "../../etc/hosts.ts",
      "app/../../etc/hosts.ts",
      "file:///etc/hosts.ts",
      "~/a.ts",
    ];
    const files = new WorkspaceFiles();
    expect(await files.existing(names)).toEqual([]);
    for (const name of names) await files.open(name);
    expect(fake.stats.filter((path) => !path.startsWith("/home/me/"))).toEqual([]);
    expect(fake.opened).toEqual([]);
    expect(fake.messages).toEqual(
      names.map((name) => `“${name}” is not opened, because it is not a file in this workspace.`),
    );
  });

  it("are checked once for a while", async () => {
    const files = new WorkspaceFiles();
    await files.existing(["src/a.ts", "c.ts"]);
    const before = fake.stats.length;
    expect(await files.existing(["src/a.ts", "c.ts"])).toEqual(["src/a.ts"]);
    expect([fake.stats.length, fake.searches.length]).toEqual([before, 1]);
  });

  it("are opened at their line, and chosen where there are several", async () => {
    const files = new WorkspaceFiles();
    await files.open("src/a.ts:8:3");
    await files.open("README.md");
    expect(fake.picks).toEqual([["app/README.md", "lib/README.md"]]);
    expect(fake.opened).toMatchObject([
      ["vscode.open", { path: "/home/me/app/src/a.ts" }, { selection: { line: 7, column: 2 } }],
      ["vscode.open", { path: "/home/me/lib/README.md" }, {}],
    ]);
  });

  it("are reported where they are gone", async () => {
    await new WorkspaceFiles().open("gone.ts");
    expect(fake.messages).toEqual(["“gone.ts” is not in this workspace."]);
  });
});
