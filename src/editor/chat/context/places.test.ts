import { homedir } from "node:os";
import { beforeEach, describe, expect, it, vi } from "vitest";
import type * as vscode from "vscode";
import { setFolders, state, Uri } from "../../../../test/support/views/fakeWorkspace.ts";
import { matchesAny } from "../../../base/paths/glob.ts";
import {
  fileAt,
  fileOf,
  globsForSentPaths,
  isPrivateDocument,
  placeOfDocument,
  withoutAbsolutePaths,
} from "./places.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeWorkspace.ts"));

const uri = (text: string) => Uri.parse(text) as unknown as vscode.Uri;
const sent = (text: string) => placeOfDocument(uri(text)).path;

beforeEach(() => setFolders("file:///home/me/shop"));

describe("the path that is sent for a document", () => {
  it.each([
    ["a file", "file:///home/me/shop/src/a.ts"],
    ["a cell of a notebook", "vscode-notebook-cell:/home/me/shop/src/a.ts#W0sZmlsZQ%3D%3D"],
    ["the left side of a diff", 'git:/home/me/shop/src/a.ts?{"path":"/home/me/shop/src/a.ts","ref":"~"}'],
    ["a side of another extension's diff", "gitlens://abc/home/me/shop/src/a.ts"],
    ["a new file that has its place", "untitled:/home/me/shop/src/a.ts"],
    ["a file as the workbench of a remote machine names it", "vscode-remote://ssh/home/me/shop/src/a.ts"],
  ])("is relative to its folder for %s", (_of, text) => {
    expect(sent(text)).toBe("src/a.ts");
  });

  it.each([
    ["a file outside of all folders", "file:///home/me/other/secret.ts", "secret.ts"],
    ["a folder whose name begins like a workspace folder's", "file:///home/me/shop-old/a.ts", "a.ts"],
    ["a cell of a notebook elsewhere", "vscode-notebook-cell:/home/me/plan.ipynb#W0s", "plan.ipynb"],
    ["the left side of a diff elsewhere", "git:/home/me/dotfiles/.bashrc?{}", ".bashrc"],
    ["a new file without a place", "untitled:Untitled-1", "Untitled-1"],
    ["the user's settings", "vscode-userdata:/home/me/.config/Code/User/settings.json", "settings.json"],
  ])("is the name alone for %s", (_of, text, name) => {
    expect(sent(text)).toBe(name);
  });

  it("is relative in a virtual workspace", () => {
    setFolders("vscode-vfs://github/owner/shop");
    expect(sent("vscode-vfs://github/owner/shop/src/a.ts")).toBe("src/a.ts");
    expect(sent("vscode-vfs://github/owner/other/src/a.ts")).toBe("a.ts");
  });

  it("has the folder's name before it where there are several folders", () => {
    setFolders("file:///home/me/shop", "file:///home/me/api");
    expect(sent("file:///home/me/api/src/a.ts")).toBe("api/src/a.ts");
    expect(sent("git:/home/me/shop/src/a.ts?{}")).toBe("shop/src/a.ts");
    expect(sent("file:///home/me/api")).toBe("api");
  });
});

describe("a private document", () => {
  it.each([
    "file:///home/me/shop/keys/a.pem",
    "git:/home/me/shop/keys/a.pem?{}",
    "file:///home/me/keys/b.pem",
  ])("is found under any scheme, inside of the workspace or not: %s", (text) => {
    expect(isPrivateDocument(["keys/"], uri(text))).toBe(true);
  });

  it("is matched relative to its own folder where there are several", () => {
    setFolders("file:///home/me/shop", "file:///home/me/api");
    expect(isPrivateDocument(["keys/*.pem"], uri("file:///home/me/api/keys/a.pem"))).toBe(true);
  });
});

describe("the file of a dropped URI", () => {
  it("is the one that the extension host can read", () => {
    expect(String(fileOf(uri("vscode-remote://ssh/home/me/shop/a.ts")))).toBe("file:///home/me/shop/a.ts");
    expect(String(fileOf(uri("vscode-remote://ssh/tmp/a.ts")))).toBe("file:///tmp/a.ts");
    expect(String(fileOf(uri("file:///tmp/a.ts")))).toBe("file:///tmp/a.ts");
  });
});

describe("the file that a path stands for", () => {
  it("is in a workspace folder, whatever the path is", async () => {
    state.files.set("file:///home/me/shop/src/a.ts", "a");
    state.files.set("file:///home/me/shop/../keys.txt", "key");
    expect(String(await fileAt("src/a.ts"))).toBe("file:///home/me/shop/src/a.ts");
    expect(await fileAt("../keys.txt")).toBeUndefined();
    state.files.clear();
  });
});

describe("a glob that was added after a file was attached", () => {
  const isPrivate = (path: string, globs: readonly string[]) =>
    globsForSentPaths(globs).some((glob) => matchesAny([glob], path));

  it("matches the path that was sent, also where the workspace has several folders", () => {
    expect(isPrivate("src/keys/a.ts", ["src/keys/"])).toBe(true);
    expect(isPrivate("shop/src/keys/a.ts", ["src/keys/"])).toBe(false);
    setFolders("file:///home/me/shop", "file:///home/me/api [old]");
    const [shop, api] = ["shop/src/keys/a.ts", "api [old]/src/keys/a.ts"];
    for (const glob of ["src/keys/", "/src/keys/*", "./src/**/a.ts", "*.ts"]) {
      expect([isPrivate(shop, [glob]), isPrivate(api, [glob])]).toEqual([true, true]);
    }
    expect(isPrivate("web/src/keys/a.ts", ["src/keys/"])).toBe(false);
  });
});

describe("the message of a tool", () => {
  it("is sent with paths as those of documents, and without the user's home folder", () => {
    const sentOf = (message: string) => withoutAbsolutePaths(message);
    expect(sentOf("Type 'import(\"/home/me/shop/src/a\").T' is in file:///home/me/shop/b.ts.")).toBe(
      "Type 'import(\"src/a\").T' is in file://b.ts.",
    );
    expect(sentOf("Not in /home/me/shop-old/a.ts, nor in /mnt/home/me/shop/a.ts")).toContain(
      "/home/me/shop-old/a.ts",
    );
    expect(sentOf(`Cannot find ${homedir()}/.config/tool.json`)).toBe("Cannot find ~/.config/tool.json");
    setFolders("file:///home/me/shop", "file:///home/me/api");
    expect(sentOf("See /home/me/api/c.ts")).toBe("See api/c.ts");
  });
});
