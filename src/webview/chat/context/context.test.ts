import { describe, expect, it, onTestFinished, vi } from "vitest";
import { decision } from "../../../../test/support/answers.ts";
import { conversation, type FakeHost, open, turn } from "../../../../test/support/views/fakeHost.ts";
import type { ContextChoice } from "../../../contract/view/contextMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { ContextChip, Skipped } from "../../../contract/view/types.ts";

const file = (path: string, tokens: number, known: Partial<ContextChip> = {}): ContextChip =>
  ({
    kind: "file",
    path,
    language: "ts",
    startLine: 1,
    endLine: 9,
    tokens,
    isPrivate: false,
    ...known,
  }) as ContextChip;

const attached = (...context: readonly ContextChip[]): ToView => ({ type: "attached", context });

const choices = (query: string, ...found: readonly ContextChoice[]): ToView => ({
  type: "contextChoices",
  query,
  choices: [...found],
});
const retry: ContextChoice = { id: "file 1", group: "files", icon: "file", label: "retry.ts", detail: "src" };
const total: ContextChoice = { id: "file 2", group: "files", icon: "file", label: "total.ts", detail: "src" };
const terminal: ContextChoice = {
  id: "terminal",
  group: "sources",
  icon: "terminal",
  label: "Last terminal command",
  unavailable: "No terminal is open.",
};

const rows = (host: FakeHost) =>
  [...host.root.querySelectorAll(".sy-popup .sy-row-main")].map(({ textContent }) => textContent);
const chips = (host: FakeHost) =>
  [...host.root.querySelectorAll(".sy-composer .sy-chip")].map(({ textContent }) => textContent);

describe("typing #", () => {
  it("asks the editor with each letter, and attaches the entry that Enter takes", async () => {
    const host = await open(conversation([]));
    await host.type("Explain #");
    await host.send(choices("", retry, total, terminal));
    expect(rows(host)).toEqual(["Last terminal command", "retry.ts", "total.ts"]);
    await host.type("Explain #re");
    expect(rows(host)).toEqual(["retry.ts"]);
    await host.send(choices("re", retry));
    expect(host.postedOf("findContext").map(({ query }) => query)).toEqual(["", "re"]);
    await host.press("Enter");
    expect(host.postedOf("attachChoice")).toEqual([{ type: "attachChoice", id: "file 1" }]);
    expect(host.input.value).toBe("Explain ");
    expect(host.postedOf("send")).toEqual([]);
  });

  it("shows why a source has nothing, and does not take it", async () => {
    const host = await open(conversation([]));
    await host.type("#term");
    await host.send(choices("term", terminal));
    expect(host.find(".sy-popup").textContent).toContain("No terminal is open.");
    await host.press("Enter");
    expect(host.postedOf("attachChoice")).toEqual([]);
  });

  it("inside of a word means nothing", async () => {
    const host = await open(conversation([]), choices("", retry));
    await host.type("issue#");
    expect(rows(host)).toEqual([]);
    expect(host.postedOf("findContext")).toEqual([]);
  });
});

describe("the button Add context", () => {
  it("opens the list with a field to search, and returns the focus to the input", async () => {
    const host = await open(conversation([]));
    await host.click(host.button("Add context"));
    await host.send(choices("", retry, terminal));
    expect(rows(host)).toEqual(["Last terminal command", "retry.ts"]);
    expect(document.activeElement?.getAttribute("aria-label")).toBe("Search files and symbols");
    await host.press("Enter");
    expect(host.postedOf("attachChoice")).toEqual([{ type: "attachChoice", id: "file 1" }]);
    expect(rows(host)).toEqual([]);
    expect(document.activeElement).toBe(host.input);
    expect(host.postedOf("findContext").at(-1)?.query).toBeNull();
  });
});

describe("a chip", () => {
  it("shows tokens with their unit, what is left out, and where a private file may go", async () => {
    const leftOut = { unit: "lines", included: 200, total: 1200 } as const;
    const host = await open(
      conversation([]),
      attached(file("src/a.ts", 1240), file("b.log", 90, { leftOut }), file(".env", 5, { isPrivate: true })),
    );
    expect(chips(host)).toEqual([
      "a.ts1.2k\u00a0tokens",
      "b.log90\u00a0tokens, 200 of 1,200 lines",
      ".envlocal models only",
    ]);
  });

  it("opens what it stands for, and is removed", async () => {
    const host = await open(conversation([]), attached(file("src/a.ts", 1), file("src/b.ts", 1)));
    await host.click(host.root.querySelectorAll(".sy-chip-open")[1] as Element);
    expect(host.postedOf("openContext")).toEqual([{ type: "openContext", turnId: null, index: 1 }]);
    await host.click(host.button("Remove b.ts"));
    expect(host.postedOf("detach")).toEqual([{ type: "detach", index: 1 }]);
  });

  it("opens from a sent prompt too", async () => {
    const sent = turn("t1", "Why?");
    const host = await open(
      conversation([{ ...sent, prompt: { ...sent.prompt, context: [file("src/a.ts", 1)] } }]),
    );
    await host.click(host.find(".sy-turn--user .sy-chip-open"));
    expect(host.postedOf("openContext")).toEqual([{ type: "openContext", turnId: "t1", index: 0 }]);
  });

  it.each<[string, ContextChip]>([
    ["retry.ts:12–48", { ...common(), kind: "selection", ...code(12, 48) }],
    ["retry.ts:12", { ...common(), kind: "selection", ...code(12, 12) }],
    ["withRetry", { ...common(), kind: "symbol", name: "withRetry", ...code(12, 48) }],
    ["http/", { ...common(), kind: "folder", path: "src/http", paths: [] }],
    ["1 problem", { ...common(), kind: "problems", count: 1, paths: [] }],
    ["2 problems", { ...common(), kind: "problems", count: 2, paths: [] }],
    ["npm test", { ...common(), kind: "terminal", command: "npm test\n--all", terminal: "bash" }],
    ["2 changed files", { ...common(), kind: "changes", paths: ["a", "b"] }],
  ])("is called %s by what it stands for", async (name, chip) => {
    const host = await open(conversation([]), attached(chip));
    expect(host.find(".sy-chip-name").textContent).toBe(name);
  });
});

describe("context that does not fit", () => {
  const tooLong = (tokens: number): ToView => {
    const skipped: Skipped[] = [
      { ref: "a/small", reason: "context-window", tokens, maxInputTokens: 30_000 },
      { ref: "a/large", reason: "context-window", tokens, maxInputTokens: 1_000_000 },
    ];
    const outcome = { kind: "blocked", reason: { kind: "no-model-available" } } as const;
    return {
      type: "forecast",
      forecast: { decision: decision({ outcome, skipped }), earlierTokens: 0 },
      draft: "x",
    };
  };

  it("is struck through before it is sent, with the largest window that it exceeds", async () => {
    const host = await open(
      conversation([]),
      attached(file("a.ts", 400), file("bundle.js", 2_100_000)),
      tooLong(2_100_500),
    );
    await host.type("x");
    expect(host.find(".sy-forecast").textContent).not.toContain("Too long");
    expect(chips(host)).toEqual(["a.ts400\u00a0tokens", "bundle.js2.1M\u00a0tokens, does not fit"]);
    expect(host.find(".sy-chip--out").textContent).toContain("bundle.js");
    expect(host.find(".sy-context-note").textContent).toContain(
      "the prompt has 2.1M tokens, and the largest window of this route, large, holds 1M",
    );
  });

  it("is not blamed for a prompt that is too long without it", async () => {
    const host = await open(conversation([]), attached(file("a.ts", 400)), tooLong(2_100_500));
    await host.type("x");
    expect(host.root.querySelector(".sy-chip--out")).toBeNull();
    expect(host.find(".sy-forecast").textContent).toContain("Too long for every model of this route");
  });
});

describe("dropped and pasted files", () => {
  /** The part of DataTransfer that jsdom does not have. */
  const transfer = (data: Readonly<Record<string, string>>, files: readonly File[] = []) => ({
    types: [...Object.keys(data), ...(files.length > 0 ? ["Files"] : [])],
    getData: (type: string) => data[type] ?? "",
    files,
  });
  const fire = async (host: FakeHost, type: string, key: "dataTransfer" | "clipboardData", data: object) => {
    const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { [key]: data });
    await host.settle(() => host.input.dispatchEvent(event));
    return event;
  };

  it("are attached by their URIs, from the explorer and from other programs", async () => {
    const host = await open(conversation([]));
    const fromExplorer = transfer({ resourceurls: '["file:///w/a.ts"]', "text/plain": "/w/a.ts" });
    expect((await fire(host, "dragover", "dataTransfer", fromExplorer)).defaultPrevented).toBe(true);
    expect(host.root.querySelector(".sy-is-drop")).not.toBeNull();
    await fire(host, "drop", "dataTransfer", fromExplorer);
    await fire(host, "drop", "dataTransfer", transfer({ "text/uri-list": "# files\r\nfile:///w/b.ts\r\n" }));
    await fire(host, "paste", "clipboardData", transfer({ "text/uri-list": "file:///w/c.ts" }));
    expect(host.postedOf("attachUris").map(({ uris }) => uris)).toEqual([
      ["file:///w/a.ts"],
      ["file:///w/b.ts"],
      ["file:///w/c.ts"],
    ]);
    expect(host.root.querySelector(".sy-is-drop")).toBeNull();
  });

  it("are attached by their text if they have no URI", async () => {
    const host = await open(conversation([]));
    const notes = Object.assign(new File(["x"], "notes.txt"), { text: async () => "some notes" });
    await fire(host, "drop", "dataTransfer", transfer({}, [notes]));
    expect(host.postedOf("attachText")).toEqual([
      { type: "attachText", name: "notes.txt", text: "some notes" },
    ]);
  });

  it("are attached as images, scaled down to what providers use, with a small one for the chip", async () => {
    const drawn = fakeImages(4000, 1000);
    const host = await open(conversation([]));
    const pasted = new File(["large"], "image.png", { type: "image/png" });
    await fire(host, "paste", "clipboardData", transfer({}, [pasted]));
    await vi.waitFor(() => expect(host.postedOf("attachImage")).toHaveLength(1));
    expect(host.postedOf("attachImage")[0]?.image).toEqual({
      name: "image.png",
      mediaType: "image/png",
      data: btoa("2000x500 image/png"),
      thumbnail: `data:image/png;base64,${btoa("48x12 image/png")}`,
      width: 2000,
      height: 500,
    });
    expect(drawn).toEqual(["48x12 image/png", "2000x500 image/png"]);
  });

  it("are sent as they are if they are small enough, dropped or read by the editor", async () => {
    fakeImages(20, 10);
    const host = await open(conversation([]));
    const dropped = new File(["jpeg"], "photo.jpg", { type: "image/jpeg" });
    await fire(host, "drop", "dataTransfer", transfer({}, [dropped]));
    const file = { id: "1", name: "a.gif", mediaType: "image/gif", data: btoa("gif") };
    await host.send({ type: "readImages", files: [file] });
    await vi.waitFor(() => expect(host.postedOf("attachImage")).toHaveLength(2));
    expect(
      host.postedOf("attachImage").map(({ id, image }) => [id, image.mediaType, atob(image.data)]),
    ).toEqual([
      [undefined, "image/jpeg", "jpeg"],
      ["1", "image/gif", "gif"],
    ]);
  });

  it("are named where they cannot be read as an image", async () => {
    vi.stubGlobal("createImageBitmap", async () => Promise.reject(new Error("no image")));
    onTestFinished(() => void vi.unstubAllGlobals());
    const host = await open(conversation([]));
    await fire(host, "drop", "dataTransfer", transfer({}, [new File(["x"], "a.png", { type: "image/png" })]));
    await vi.waitFor(() =>
      expect(host.root.querySelector(".sy-context-note")?.textContent).toBe(
        "a.png cannot be read as an image.",
      ),
    );
  });

  it("leave the text of a pasted path until the editor has found the file", async () => {
    const host = await open(conversation([]));
    await fire(host, "paste", "clipboardData", transfer({ "text/plain": "/w/src/a.ts" }));
    await host.type("look at /w/src/a.ts");
    expect(host.postedOf("attachPasted")).toEqual([{ type: "attachPasted", text: "/w/src/a.ts" }]);
    await host.send({ type: "pasteAttached", text: "/w/src/a.ts" });
    expect(host.input.value).toBe("look at ");
  });

  it("are no links of web pages and no text", async () => {
    const host = await open(conversation([]));
    const link = transfer({ "text/uri-list": "https://example.com/a.ts", "text/plain": "see a.ts" });
    expect((await fire(host, "drop", "dataTransfer", link)).defaultPrevented).toBe(false);
    await fire(host, "paste", "clipboardData", transfer({ "text/plain": "and/or this" }));
    expect(host.posted.filter(({ type }) => type.startsWith("attach"))).toEqual([]);
  });
});

it("says why something was not attached, also to screen readers", async () => {
  const host = await open(conversation([]), {
    type: "contextNotice",
    text: "logo.png cannot be read as text.",
  });
  expect(host.find(".sy-context-note").textContent).toBe("logo.png cannot be read as text.");
  expect(host.find("[role=status]").textContent).toBe("logo.png cannot be read as text.");
  await host.send(attached());
  expect(host.root.querySelector(".sy-context-note")).toBeNull();
});

/** Lets every image have this size, which jsdom cannot read. Returns what is drawn. */
function fakeImages(width: number, height: number): readonly string[] {
  const drawn: string[] = [];
  vi.stubGlobal("createImageBitmap", async () => ({ width, height }));
  vi.stubGlobal(
    "OffscreenCanvas",
    class {
      readonly size: string;
      constructor(wide: number, high: number) {
        this.size = `${wide}x${high}`;
      }
      getContext() {
        return { drawImage: () => {}, fillRect: () => {} };
      }
      async convertToBlob({ type }: { readonly type: string }) {
        const text = `${this.size} ${type}`;
        drawn.push(text);
        return new Blob([text], { type });
      }
    },
  );
  onTestFinished(() => void vi.unstubAllGlobals());
  return drawn;
}

function common() {
  return { tokens: 1, isPrivate: false } as const;
}

function code(startLine: number, endLine: number) {
  return { path: "src/http/retry.ts", language: "ts", startLine, endLine } as const;
}
