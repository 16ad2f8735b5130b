import { beforeEach, describe, expect, it, vi } from "vitest";
import {
  documentOf,
  Position,
  Range,
  ran,
  results,
  setFolders,
  state,
  TabInputText,
  Uri,
  window,
} from "../../../../test/support/views/fakeWorkspace.ts";
import { attachedImage, PIXEL } from "../../../../test/support/views/images.ts";
import type { ContextItem } from "../../../contract/context.ts";
import type { Prompt } from "../../../contract/conversation.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import { Attachments } from "../attachments.ts";
import type { Attached } from "../windowState.ts";
import { ContextRequests } from "./contextRequests.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeWorkspace.ts"));

const root = "file:///home/me/shop";

let posted: ToView[];
let attachments: Attachments;
let requests: ContextRequests;
let forecasts: number;
let sentPrompt: Prompt;

beforeEach(() => {
  setFolders(root);
  state.files.clear();
  state.settings.clear();
  state.git = undefined;
  window.activeTextEditor = undefined;
  window.tabGroups.activeTabGroup.tabs = [];
  window.terminals = [];
  ran.length = 0;
  results.clear();
  posted = [];
  forecasts = 0;
  sentPrompt = { text: "Why?", context: [] };
  const stored: { attached: Attached } = { attached: { context: [] } };
  attachments = new Attachments((message) => posted.push(message), stored);
  requests = new ContextRequests({
    attachments,
    display: {
      get conversation() {
        const turn = { id: "t1", atMs: 0, prompt: sentPrompt, answer: { text: "", fallbacks: [] } };
        return { id: "c", title: "", createdAtMs: 0, updatedAtMs: 0, isPrivate: false, turns: [turn] };
      },
    },
    terminal: { gather: () => ({ kind: "none", reason: "No terminal is open." }) },
    privatePaths: () => ["**/.env*"],
    post: (message) => posted.push(message),
    forecast: async () => {
      forecasts += 1;
    },
  });
});

function write(...paths: readonly string[]): void {
  for (const path of paths) state.files.set(`${root}/${path}`, `text of ${path}`);
}

async function find(query: string): Promise<readonly string[]> {
  await requests.handle({ type: "findContext", query });
  const found = posted.findLast((message) => message.type === "contextChoices");
  return found?.choices.map(({ label, detail = "" }) => `${label} ${detail}`.trim()) ?? [];
}

const attached = () => attachments.context.map((item) => ("path" in item ? item.path : item.kind));
const notice = () => posted.findLast((message) => message.type === "contextNotice")?.text;

describe("finding context", () => {
  it("finds files in any case, by a part of the name or by folders, the best match first", async () => {
    write(
      "src/http/Retry.ts",
      "src/http/retryAfter.ts",
      "docs/no-retry.md",
      "src/total.ts",
      "http/retry.css",
    );
    expect(await find("RETRY")).toEqual([
      "retry.css http",
      "Retry.ts src/http",
      "retryAfter.ts src/http",
      "no-retry.md docs",
    ]);
    expect(await find("src/ret")).toEqual(["Retry.ts src/http", "retryAfter.ts src/http"]);
    expect(await find("[x]{")).toEqual([]);
  });

  it("finds folders", async () => {
    write("src/http/a.ts", "src/http/b.ts", "other/https.ts");
    expect(await find("http")).toEqual(["https.ts other", "http src"]);
    await requests.handle({ type: "attachChoice", id: `folder ${root}/src/http` });
    expect(attachments.context).toMatchObject([{ kind: "folder", path: "src/http" }]);
  });

  it("offers no file that is private, or that Git or the settings ignore", async () => {
    write("a/note.ts", "b/note.ts", "c/note.ts", "d/note.ts", "a/.env.note", ".gitignore");
    state.files.set(`${root}/.gitignore`, "/b\n");
    state.settings.set("files.exclude", { "**/c": true });
    state.settings.set("search.exclude", { "d/**": true });
    expect(await find("note")).toEqual(["note.ts a"]);
  });

  it("offers the sources and the open files while nothing is typed, and why a source has nothing", async () => {
    write("src/a.ts");
    window.tabGroups.activeTabGroup.tabs = [
      { input: new TabInputText(Uri.parse(`${root}/src/a.ts`)) },
      { input: new TabInputText(Uri.parse(`${root}/.env`)) },
      { input: "a settings editor" },
    ];
    await find("");
    const found = posted.findLast((message) => message.type === "contextChoices")?.choices ?? [];
    expect(found.map(({ id, unavailable }) => [id, unavailable])).toEqual([
      ["selection", "No editor is open. Type # and the name of a file."],
      ["file", "No editor is open. Type # and the name of a file."],
      ["problems", "No file has problems."],
      ["terminal", "No terminal is open."],
      ["changes", undefined],
      ["image", undefined],
      [`file ${root}/src/a.ts`, undefined],
    ]);
  });

  it("reports only the last search", async () => {
    write("src/first.ts", "src/second.ts");
    await Promise.all([find("first"), find("second")]);
    const queries = posted.flatMap((message) => (message.type === "contextChoices" ? [message.query] : []));
    expect(new Set(queries)).toEqual(new Set(["second"]));
  });

  it("finds symbols after the files, and attaches a definition", async () => {
    write("src/a.ts");
    const uri = Uri.parse(`${root}/src/a.ts`);
    const range = new Range(new Position(0, 0), new Position(0, 3));
    results.set("vscode.executeWorkspaceSymbolProvider", [
      { name: "textOf", location: { uri, range } },
      { name: "other", location: { uri, range } },
    ]);
    expect(await find("texto")).toEqual(["textOf src/a.ts:1"]);
  });
});

describe("images", () => {
  const attach = (name: string, data = PIXEL, id?: string) =>
    requests.handle({ type: "attachImage", image: attachedImage({ name, data }), id });

  it("are attached without their data in the view, the same one once", async () => {
    await attach("one.png");
    await attach("same.png");
    expect(attachments.context).toMatchObject([{ kind: "image", name: "same.png", data: PIXEL }]);
    const shown = posted.findLast((message) => message.type === "attached")?.context;
    expect(shown).toMatchObject([{ kind: "image", thumbnail: `data:image/png;base64,${PIXEL}` }]);
    expect(shown?.[0]).not.toHaveProperty("data");
  });

  it("are read by the view if they are files, and stay private where the file is", async () => {
    state.files.set(`${root}/.env.shot.png`, "picture");
    await requests.handle({ type: "attachUris", uris: [`${root}/.env.shot.png`, `${root}/gone.png`] });
    const [file] = posted.findLast((message) => message.type === "readImages")?.files ?? [];
    expect(file).toMatchObject({ name: ".env.shot.png", mediaType: "image/png", data: btoa("picture") });
    expect(notice()).toBe("gone.png was not found.");
    await attach(".env.shot.png", PIXEL, file?.id);
    expect(attachments.context).toMatchObject([
      { kind: "image", path: ".env.shot.png", isPrivate: true, source: `${root}/.env.shot.png` },
    ]);
  });

  it("have no file if the view names one that the editor did not read", async () => {
    await attach("one.png", PIXEL, "7");
    expect(attachments.context[0]?.source).toBeUndefined();
  });

  it("are at most 20 in a prompt, and 20 MB in total", async () => {
    for (let index = 0; index < 21; index++)
      await attach(`${index}.png`, `${PIXEL.slice(0, -4)}${1000 + index}`);
    expect(attachments.context).toHaveLength(20);
    expect(notice()).toBe("A prompt can have 20 images. 20.png was not attached.");
    await requests.handle({ type: "detach", index: 0 });
    await attach("large.png", "A".repeat(4_999_000));
    await requests.handle({ type: "detach", index: 0 });
    for (const letter of "BCD") {
      await attach(`${letter}.png`, letter.repeat(5_000_000));
      await requests.handle({ type: "detach", index: 0 });
    }
    await attach("last.png", "E".repeat(5_000_000));
    expect(notice()).toBe("The images of a prompt can have 20 MB in total. last.png was not attached.");
  });
});

describe("attaching", () => {
  it("attaches dropped files and folders, and says which could not be read", async () => {
    write("src/a.ts", "src/b.ts");
    const uris = [`${root}/src/a.ts#L3`, "vscode-remote://host/home/me/shop/src", `${root}/gone.ts`];
    await requests.handle({ type: "attachUris", uris });
    expect(attached()).toEqual(["src/a.ts", "src"]);
    expect(notice()).toBe("gone.ts was not found.");
    expect(forecasts).toBe(1);
  });

  it("attaches a pasted path only if the file is in the workspace", async () => {
    write("src/a.ts");
    state.files.set("file:///etc/hosts", "x");
    await requests.handle({ type: "attachPasted", text: "/etc/hosts" });
    await requests.handle({ type: "attachPasted", text: "/home/me/shop/src/a.ts\n/home/me/shop/gone.ts" });
    expect(attached()).toEqual([]);
    await requests.handle({ type: "attachPasted", text: "/home/me/shop/src/a.ts\n" });
    expect(attached()).toEqual(["src/a.ts"]);
    expect(posted).toContainEqual({ type: "pasteAttached", text: "/home/me/shop/src/a.ts\n" });
  });

  it("attaches a private file that the user names, for local models only", async () => {
    write(".env");
    await requests.handle({ type: "attachUris", uris: [`${root}/.env`] });
    expect(attachments.context).toMatchObject([{ path: ".env", isPrivate: true }]);
  });

  it("replaces what was attached for the same thing, and removes items", async () => {
    write("src/a.ts");
    await requests.handle({ type: "attachUris", uris: [`${root}/src/a.ts`] });
    state.files.set(`${root}/src/a.ts`, "text of later");
    await requests.handle({ type: "attachUris", uris: [`${root}/src/a.ts`] });
    expect(attachments.context.map(({ text }) => text)).toEqual(["text of later"]);
    await requests.handle({ type: "detach", index: 0 });
    expect(attached()).toEqual([]);
    expect(forecasts).toBe(3);
  });

  it("says so where no editor is open", async () => {
    await requests.handle({ type: "attachSelection" });
    expect(notice()).toBe("No editor is open. Type # and the name of a file.");
    const document = documentOf(Uri.parse(`${root}/a.ts`), "x");
    window.activeTextEditor = { document, selections: [] };
    await requests.handle({ type: "attachSelection" });
    expect(attached()).toEqual(["a.ts"]);
  });
});

describe("opening a chip", () => {
  const common = { text: "x", tokens: 1, isPrivate: false };
  const open = async (item: ContextItem) => {
    sentPrompt = { text: "Why?", context: [item] };
    await requests.handle({ type: "openContext", turnId: "t1", index: 0 });
    return ran.map(({ command, args }) => [command, String(args[0])]);
  };

  it("opens code at its lines, also by the path alone that older versions stored", async () => {
    write("src/a.ts");
    const code = { ...common, path: "src/a.ts", language: "ts", startLine: 3, endLine: 4 };
    const source = `git:/home/me/shop/src/a.ts?{}`;
    await open({ kind: "selection", ...code, source });
    await open({ kind: "selection", ...code });
    expect(ran.map(({ args }) => String(args[0]))).toEqual([
      "git:///home/me/shop/src/a.ts?{}",
      `${root}/src/a.ts`,
    ]);
    expect(ran[1]?.args[1]).toMatchObject({ selection: { start: { line: 2 }, end: { line: 3 } } });
    await open({ kind: "file", ...code, path: "gone.ts" });
    expect(notice()).toBe("gone.ts is not in this workspace.");
  });

  it("shows the folder, the problems and the terminal", async () => {
    write("src/a.ts");
    await open({ kind: "folder", path: "src", paths: [], ...common });
    await open({ kind: "problems", count: 1, paths: [], ...common });
    expect(ran.map(({ command }) => command)).toEqual([
      "revealInExplorer",
      "workbench.actions.view.problems",
    ]);
    await open({ kind: "terminal", command: "ls", terminal: "bash", ...common });
    expect(notice()).toBe("The terminal bash is closed.");
    const show = vi.fn();
    window.terminals = [{ name: "bash", show }];
    await open({ kind: "terminal", command: "ls", terminal: "bash", ...common });
    expect(show).toHaveBeenCalledOnce();
  });

  it("shows all changes against the last commit", async () => {
    const uri = Uri.parse(`${root}/a.ts`);
    const changes = { workingTreeChanges: [{ uri, status: 5 }], indexChanges: [], mergeChanges: [] };
    state.git = {
      state: "initialized",
      repositories: [{ state: changes }],
      toGitUri: (of: Uri, ref: string) => `${ref} of ${of.path}`,
    };
    await open({ kind: "changes", paths: ["a.ts"], ...common });
    expect(ran).toEqual([
      {
        command: "vscode.changes",
        args: ["Uncommitted changes", [[uri, "HEAD of /home/me/shop/a.ts", uri]]],
      },
    ]);
  });
});
