import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as vscode from "vscode";

/** A workspace with one folder, and what the user answers. */
const fake = vi.hoisted(() => ({
  isTrusted: true,
  scheme: "file",
  /** The settings files by their paths. */
  files: new Map<string, string>(),
  answer: undefined as string | undefined,
  /** The details of the questions. */
  asked: [] as string[],
}));

const uriOf = (path: string, scheme = fake.scheme) => ({
  path,
  scheme,
  with: () => uriOf(path),
  toString: () => `${scheme}:${path}`,
});

vi.mock("vscode", () => {
  const inFolder = ({ path }: { readonly path: string }) =>
    path.startsWith("/shop/") ? { uri: uriOf("/shop"), name: "shop" } : undefined;
  return {
    l10n: {
      t: (text: string, places: Readonly<Record<string, string>> = {}) =>
        text.replace(/\{(\w+)\}/g, (_, name: string) => places[name] ?? ""),
    },
    Uri: {
      joinPath: (base: { readonly path: string }, ...more: readonly string[]) =>
        uriOf([base.path, ...more].join("/")),
    },
    window: {
      showWarningMessage: async (_: string, { detail }: { readonly detail: string }) => {
        fake.asked.push(detail);
        return fake.answer;
      },
    },
    workspace: {
      get isTrusted() {
        return fake.isTrusted;
      },
      workspaceFolders: [{ uri: uriOf("/shop"), name: "shop" }],
      workspaceFile: uriOf("/all.code-workspace"),
      getWorkspaceFolder: inFolder,
      fs: {
        readFile: async ({ path }: { readonly path: string }) => {
          const text = fake.files.get(path);
          if (text === undefined) throw new Error("no such file");
          return new TextEncoder().encode(text);
        },
      },
    },
  };
});

const { folderCommand } = await import("./folderCommand.ts");
const { Memento } = await import("../../../../test/support/views/fakeVscode.ts");

const FOLDER = "/shop/.vscode/settings.json";
const proposing = (command: unknown) =>
  `{ // Ours\n  "switchyard.verify.command": ${JSON.stringify(command)},\n}`;
let memory: vscode.Memento;

const find = async (own = "", path = "/shop/src/a.ts", isAsked = false) => {
  const found = await folderCommand(uriOf(path) as unknown as vscode.Uri, own, memory, isAsked);
  return found.kind === "command" ? found.command : found.kind;
};

beforeEach(() => {
  Object.assign(fake, { isTrusted: true, scheme: "file", answer: undefined, asked: [] });
  fake.files.clear();
  memory = new Memento() as unknown as vscode.Memento;
});

describe("the command of a folder", () => {
  it("is the user's own, without a question", async () => {
    fake.files.set(FOLDER, proposing("npm run other"));
    expect(await find(" npm test ")).toBe("npm test");
    expect(fake.asked).toEqual([]);
    expect(await find("npm test", "/elsewhere/a.ts")).toBe("impossible");
  });

  it("does not run in Restricted Mode, nor in a virtual file system, and is not even proposed there", async () => {
    fake.files.set(FOLDER, proposing("npm test"));
    fake.isTrusted = false;
    expect([await find("npm test"), await find()]).toEqual(["impossible", "not-set"]);
    fake.isTrusted = true;
    fake.scheme = "vscode-vfs";
    expect([await find("npm test"), await find()]).toEqual(["impossible", "impossible"]);
    expect(fake.asked).toEqual([]);
  });

  it("is the proposed one only after the user has read and confirmed it, once for each text", async () => {
    fake.files.set(FOLDER, proposing("npm test"));
    expect(await find()).toBe("declined");
    fake.answer = "Run After Each Edit";
    expect(await find()).toBe("npm test");
    expect(await find()).toBe("npm test");
    expect(fake.asked).toHaveLength(2);
    expect(fake.asked[0]).toMatch(/^npm test\n/);
    fake.files.set(FOLDER, proposing("npm test && curl example.com"));
    fake.answer = "Never";
    expect([await find(), await find()]).toEqual(["declined", "declined"]);
    expect(fake.asked).toHaveLength(3);
  });

  it("that was declined for good is proposed again when the user runs it", async () => {
    fake.files.set(FOLDER, proposing("npm test"));
    fake.answer = "Never";
    expect(await find()).toBe("declined");
    fake.answer = "Run After Each Edit";
    expect([await find(), await find("", "/shop/src/a.ts", true), await find()]).toEqual([
      "declined",
      "npm test",
      "npm test",
    ]);
    expect(fake.asked).toHaveLength(2);
  });

  it("is proposed by the workspace file where the folder proposes none", async () => {
    fake.answer = "Run After Each Edit";
    fake.files.set("/all.code-workspace", `{ "settings": ${proposing("make check")} }`);
    expect(await find()).toBe("make check");
    fake.files.set(FOLDER, proposing("npm test"));
    expect(await find()).toBe("npm test");
    fake.files.set(FOLDER, proposing(["npm", "test"]));
    expect(await find()).toBe("make check");
  });

  it.each([
    ["line breaks", "npm test\nrm -r ."],
    ["text that runs the other way", "npm test \u202e# .tset"],
    ["characters without a width", "npm\u200b test"],
    ["a gap before its end", `npm test${" ".repeat(80)}; rm -r .`],
    ["more than a dialog shows", `npm test ${"x".repeat(300)}`],
  ])("is never one with %s", async (_, command) => {
    fake.answer = "Run After Each Edit";
    fake.files.set(FOLDER, proposing(command));
    expect(await find()).toBe("impossible");
    expect(fake.asked).toEqual([]);
  });
});
