import { beforeEach, describe, expect, it, vi } from "vitest";
import { ChatWindow, complete } from "../../../../test/support/views/chatWindow.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeVscode.ts"));

let window: ChatWindow;

const code = {
  kind: "selection",
  path: "src/a.ts",
  language: "typescript",
  startLine: 1,
  endLine: 2,
  text: "let a;",
  tokens: 3,
  isPrivate: false,
} as const;
const instructions = "Say what src/a.ts:1–2 does.";

beforeEach(() => {
  window = new ChatWindow();
});

describe("a command that was sent", () => {
  it("is edited with its name, keeps what is attached, and can become another one or none", async () => {
    window.selected = code;
    await window.send("/mine briefly");
    window.selected = undefined;
    const edit = (text: string, turnId: string) =>
      window.controller.handle({ type: "editPrompt", turnId, text });
    await edit("/mine at length", "t1");
    await edit("/fix the loop", "t2");
    await edit("Why?", "t3");
    expect(window.chat.sent.map(({ prompt: { text, command } }) => [command, text])).toEqual([
      ["mine", "briefly"],
      ["mine", "at length"],
      ["fix", "the loop"],
      [undefined, "Why?"],
    ]);
    for (const { prompt } of window.chat.sent) expect(prompt.context).toEqual([code]);
    expect(window.chat.sent.at(-1)?.prompt.instructions).toBeUndefined();
  });

  it("returns to the input if another conversation is opened while its edit is filled, and stops no answer", async () => {
    let isFinished = false;
    const { finish, ended } = await window.startAnswer("one", async (...answer) => {
      isFinished = true;
      return complete(...answer);
    });
    const edited = window.controller.handle({ type: "editPrompt", turnId: "t1", text: "two" });
    await window.controller.handle({ type: "new" });
    await edited;
    expect(window.lastPosted("input")).toMatchObject({ text: "two" });
    finish();
    await ended;
    expect(window.chat.sent.map(({ prompt }) => prompt.text)).toEqual(["one"]);
    expect(isFinished).toBe(true);
  });

  it("is queued as it was filled when it was typed, and edited there", async () => {
    const { finish, ended } = await window.startAnswer("one");
    window.selected = code;
    await window.send("/mine briefly", "c1");
    window.selected = undefined;
    await window.controller.handle({ type: "editQueued", id: "1", text: "/mine at length" });
    finish();
    await ended;
    expect(window.chat.sent[1]?.prompt).toEqual({
      text: "at length",
      command: "mine",
      instructions,
      context: [code],
    });
  });

  it("is queued in the order of typing", async () => {
    const { finish, ended } = await window.startAnswer("one");
    window.selected = code;
    await Promise.all([window.send("/mine now", "c1"), window.send("and then", "c1")]);
    const queued = window.lastPosted("queued")?.prompts ?? [];
    expect(queued.map(({ prompt: { text } }) => text)).toEqual(["now", "and then"]);
    finish();
    await ended;
  });
});

describe("a prompt that is typed while an answer is written", () => {
  it("is forecast again when the answer has ended", async () => {
    const { finish, ended } = await window.startAnswer("one");
    await window.controller.handle({ type: "draft", text: "And?" });
    window.posted.length = 0;
    finish();
    await ended;
    expect(window.lastPosted("forecast")).toMatchObject({ draft: "And?", forecast: { earlierTokens: 1000 } });
  });
});

describe("a command", () => {
  it("is listed when the view has loaded: the built-in ones and the user's own", async () => {
    await window.controller.postAll();
    const listed = window.lastPosted("commands")?.commands ?? [];
    expect(listed.map(({ name }) => name)).toEqual([
      ...["explain", "fix", "tests", "document", "refactor", "review", "commit", "mine"],
    ]);
    expect(listed.at(-1)).toMatchObject({ description: "Your prompt, from settings", source: "settings" });
  });

  it("sends its instructions and the selected code with the user's words", async () => {
    window.selected = code;
    await window.send("/mine  in one sentence");
    const prompt = { text: "in one sentence", command: "mine", instructions, context: [code] };
    expect(window.chat.sent).toEqual([{ prompt, options: {} }]);
  });

  it("is returned to the input with what is attached if it lacks something, and says what", async () => {
    await window.controller.attach([{ ...code, kind: "file" }], "ask");
    await window.send("/mine in one sentence");
    expect(window.chat.sent).toEqual([]);
    expect(window.lastPosted("input")).toEqual({ type: "input", text: "/mine in one sentence" });
    expect(window.lastPosted("attached")).toMatchObject({ context: [{ path: "src/a.ts" }] });
    expect(window.lastPosted("forecast")).toMatchObject({ forecast: null, missing: "Nothing is selected." });
  });

  it("says what it lacks while it is typed, until it is there", async () => {
    await window.controller.handle({ type: "draft", text: "/mine" });
    expect(window.lastPosted("forecast")).toEqual({
      type: "forecast",
      forecast: null,
      draft: "/mine",
      missing: "Nothing is selected.",
    });
    window.selected = code;
    await window.controller.refreshCommand();
    expect(window.lastPosted("forecast")?.missing).toBeUndefined();
    expect(window.lastPosted("forecast")?.forecast?.added).toMatchObject([{ path: "src/a.ts", tokens: 3 }]);
    await window.controller.attach([code], "ask");
    expect(window.lastPosted("forecast")?.forecast?.added).toEqual([]);
    window.posted.length = 0;
    await window.controller.handle({ type: "draft", text: "mine" });
    window.posted.length = 0;
    await window.controller.refreshCommand();
    expect(window.posted).toEqual([]);
  });

  it("is returned as it was typed if another conversation is shown before it is filled", async () => {
    window.selected = code;
    const sending = window.send("/mine now");
    window.controller.startNew();
    await sending;
    expect(window.chat.sent).toEqual([]);
    expect(window.lastPosted("input")).toEqual({ type: "input", text: "/mine now" });
  });

  it("is returned as it was typed if it is not sent, and can then be sent again", async () => {
    window.selected = code;
    window.chat.failBeforeTurn = new Error("The ledger is busy.");
    await expect(window.send("/mine now")).rejects.toThrow();
    window.chat.failBeforeTurn = undefined;
    expect(window.lastPosted("input")).toEqual({ type: "input", text: "/mine now" });
    expect(window.lastPosted("attached")).toMatchObject({ context: [{ path: "src/a.ts" }] });
    expect(window.lastPosted("attached")?.command).toBeUndefined();
    window.selected = undefined;
    await window.send("/mine now");
    expect(window.chat.sent).toMatchObject([{ prompt: { text: "now", instructions, context: [code] } }]);
  });
});
