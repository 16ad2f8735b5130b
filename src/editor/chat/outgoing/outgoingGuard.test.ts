import { beforeEach, describe, expect, it, vi } from "vitest";
import { ChatWindow, complete } from "../../../../test/support/views/chatWindow.ts";
import type { ContextItem } from "../../../contract/context.ts";
import type { SecretsChoice } from "../../../contract/view/secretMessages.ts";

vi.mock("vscode", () => import("../../../../test/support/views/fakeVscode.ts"));

/** Built here so that no file contains anything like a key. */
const KEY = `ghp_${"a1B2c3D4e5F6g7H8i9".repeat(2)}`;
const OTHER_KEY = `ghp_${"J1k2L3m4N5o6P7q8R9".repeat(2)}`;
const REMOVED = "[removed: GitHub Token]";

const config: ContextItem = {
  kind: "file",
  path: "src/config.ts",
  language: "typescript",
  startLine: 1,
  endLine: 3,
  text: `one\nconst token = "${KEY}";\nthree`,
  tokens: 30,
  isPrivate: false,
};

let chat: ChatWindow;

beforeEach(() => {
  chat = new ChatWindow();
  chat.chat.leaving = { model: "openai/gpt-6-luna", unread: [] };
});

const sentTexts = () => chat.chat.sent.map(({ prompt }) => prompt.text);
const held = () => chat.lastPosted("heldPrompt")?.held;
const choose = (choice: SecretsChoice, text = "", conversationId: string | null = null) =>
  chat.controller.handle({ type: "secretsChoice", choice, conversationId, text });

describe("a prompt with a key", () => {
  it("is returned to the input with a question that does not contain the key", async () => {
    await chat.controller.attach([config], "fix");
    await chat.send(`Use ${KEY}\nand this`);
    expect(sentTexts()).toEqual([]);
    expect(chat.lastPosted("input")?.text).toBe(`Use ${KEY}\nand this`);
    expect(chat.lastPosted("attached")?.context).toHaveLength(1);
    expect(held()).toMatchObject({
      model: "openai/gpt-6-luna",
      isInInput: true,
      secrets: [
        { place: { kind: "prompt", line: 1 }, secret: "GitHub Token" },
        { place: { kind: "context", line: 2, item: { path: "src/config.ts" } }, secret: "GitHub Token" },
      ],
    });
    expect(JSON.stringify(held())).not.toContain(KEY);
  });

  it("is sent without asking if it stays on this machine", async () => {
    chat.chat.leaving = undefined;
    await chat.send(`Use ${KEY}`);
    expect(sentTexts()).toEqual([`Use ${KEY}`]);
    expect(held()).toBeUndefined();
  });

  it("is sent without the key, in its text and its context, and its chip says so", async () => {
    await chat.controller.attach([config], "fix");
    await chat.send(`Use ${KEY}`);
    await choose("blankOut", `Use ${KEY} now`);
    const [sent] = chat.chat.sent;
    expect(sent?.prompt.text).toBe(`Use ${REMOVED} now`);
    expect(sent?.prompt.context[0]).toMatchObject({
      text: `one\nconst token = "${REMOVED}";\nthree`,
      removedSecrets: 1,
    });
    expect(chat.lastPosted("turn")?.turn.prompt.context[0]).toMatchObject({ removedSecrets: 1 });
    expect(held()).toBeNull();
  });

  it("is blanked out in the command of a terminal too, which the chip shows", async () => {
    const command = `export TOKEN=${KEY}`;
    const terminal = {
      kind: "terminal",
      command,
      terminal: "bash",
      text: `$ ${command}\n`,
      tokens: 9,
    } as const;
    await chat.controller.attach([{ ...terminal, isPrivate: false }], "ask");
    await chat.send("Why?");
    expect(held()?.secrets).toHaveLength(1);
    await choose("blankOut", "Why?");
    expect(chat.chat.sent[0]?.prompt.context[0]).toMatchObject({ command: `export TOKEN=${REMOVED}` });
    expect(JSON.stringify(chat.lastPosted("turn"))).not.toContain(KEY);
  });

  it("asks again for the same key after it was blanked out once", async () => {
    await chat.send(`Use ${KEY}`);
    await choose("blankOut", `Use ${KEY}`);
    await chat.send(`Again ${KEY}`, chat.controller.conversation.id);
    expect(sentTexts()).toEqual([`Use ${REMOVED}`]);
    expect(held()).not.toBeNull();
  });

  it("is sent as it is, and the same key is not asked about again, but another one is", async () => {
    await chat.send(`Use ${KEY}`);
    await choose("sendAsIs", `Use ${KEY}`);
    const { id } = chat.controller.conversation;
    await chat.send(`Again ${KEY}`, id);
    expect(sentTexts()).toEqual([`Use ${KEY}`, `Again ${KEY}`]);
    await chat.send(`Use ${OTHER_KEY}`, id);
    expect(sentTexts()).toHaveLength(2);
    expect(held()?.secrets).toHaveLength(1);
  });

  it("stays in the input after Cancel", async () => {
    await chat.send(`Use ${KEY}`);
    await choose("cancel");
    expect(sentTexts()).toEqual([]);
    expect(held()).toBeNull();
    expect(chat.lastPosted("input")?.text).toBe(`Use ${KEY}`);
  });

  it("is asked about when it is queued", async () => {
    const { finish, ended } = await chat.startAnswer("Why?");
    const { id } = chat.controller.conversation;
    await chat.send(`Use ${KEY}`, id);
    expect(held()?.isInInput).toBe(true);
    expect(chat.lastPosted("queued")?.prompts ?? []).toEqual([]);
    await choose("blankOut", `Use ${KEY}`, id);
    expect(chat.lastPosted("queued")?.prompts).toMatchObject([{ prompt: { text: `Use ${REMOVED}` } }]);
    finish();
    await ended;
    expect(sentTexts()).toEqual(["Why?", `Use ${REMOVED}`]);
  });

  it("is still asked about when a queued prompt is sent meanwhile", async () => {
    const { finish, ended } = await chat.startAnswer("Why?");
    const { id } = chat.controller.conversation;
    await chat.send("Queued", id);
    await chat.send(`Use ${KEY}`, id);
    finish();
    await ended;
    expect(sentTexts()).toEqual(["Why?", "Queued"]);
    expect(held()).not.toBeNull();
    await chat.send("Without it", id);
    expect(held()).toBeNull();
  });

  it("is asked about when an editor's command sends it", async () => {
    await chat.controller.send({ text: "Explain", context: [config] });
    expect(sentTexts()).toEqual([]);
    expect(held()?.secrets).toMatchObject([{ place: { kind: "context", line: 2 } }]);
    await choose("blankOut", "Explain");
    expect(chat.chat.sent[0]?.prompt.context[0]?.text).not.toContain(KEY);
  });

  it("is asked about when an earlier prompt is edited, and takes that one's place", async () => {
    chat.chat.scripts.push(complete);
    await chat.send("Why?");
    const { id } = chat.controller.conversation;
    await chat.controller.handle({ type: "editPrompt", turnId: "t1", text: `Use ${KEY}` });
    expect(sentTexts()).toEqual(["Why?"]);
    expect(chat.lastPosted("input")?.text).toBe(`Use ${KEY}`);
    await choose("sendAsIs", `Use ${KEY}`, id);
    expect(chat.chat.sent[1]).toEqual({
      prompt: { text: `Use ${KEY}`, context: [] },
      options: { edits: "t1" },
    });
  });

  it("returns an edited prompt to the input, and does not queue it, if another answer has begun meanwhile", async () => {
    chat.chat.scripts.push(complete);
    await chat.send("Why?");
    const { id } = chat.controller.conversation;
    await chat.controller.handle({ type: "editPrompt", turnId: "t1", text: `Use ${KEY}` });
    const { paused, finish } = chat.pauseNext();
    const ended = chat.controller.handle({ type: "regenerate", turnId: "t1" });
    await paused;
    await choose("sendAsIs", `Use ${KEY}`, id);
    expect(chat.lastPosted("queued")?.prompts ?? []).toEqual([]);
    expect(chat.lastPosted("input")?.text).toBe(`Use ${KEY}`);
    finish();
    await ended;
    expect(sentTexts()).toEqual(["Why?", "Why?"]);
  });

  it("is asked about when a model on another machine is to answer it again", async () => {
    chat.chat.leaving = undefined;
    chat.chat.scripts.push(complete);
    await chat.send(`Use ${KEY}`);
    chat.chat.leaving = { model: "openai/gpt-6-luna", unread: [] };
    await chat.controller.handle({ type: "regenerate", turnId: "t1" });
    expect(chat.chat.sent).toHaveLength(1);
    expect(chat.lastPosted("input")).toBeUndefined();
    expect(held()?.isInInput).toBe(false);
    await choose("blankOut");
    expect(chat.chat.sent[1]).toMatchObject({
      prompt: { text: `Use ${REMOVED}` },
      options: { edits: "t1", escalate: "regenerate" },
    });
  });

  it("is kept over a reload of the window, and asked about again", async () => {
    await chat.send(`Use ${KEY}`);
    chat.reload();
    await chat.send(`Use ${KEY}`);
    expect(sentTexts()).toEqual([]);
    expect(held()?.secrets).toHaveLength(1);
  });
});

it("asks about a key in an earlier turn that only local models have read, and blanks it out there", async () => {
  chat.chat.leaving = undefined;
  chat.chat.scripts.push(async (sink, signal) => {
    const answer = await complete(sink, signal);
    return answer && { ...answer, text: `It is ${KEY}.` };
  });
  await chat.send(`Use ${KEY}`);
  const { id, turns } = chat.controller.conversation;
  chat.chat.leaving = { model: "openai/gpt-6-luna", unread: turns };
  await chat.send("And now?", id);
  expect(held()?.secrets.map(({ place }) => place.kind)).toEqual(["earlier-prompt", "earlier-answer"]);
  await choose("blankOut", "And now?", id);
  expect(sentTexts()).toEqual([`Use ${KEY}`, "And now?"]);
  const [first] = chat.controller.conversation.turns;
  expect([first?.prompt.text, first?.answer.text]).toEqual([`Use ${REMOVED}`, `It is ${REMOVED}.`]);
  expect(chat.controller.conversation.title).toBe(`Use ${REMOVED}`);
  expect(chat.lastPosted("turns")?.turns).toMatchObject([{ prompt: { text: `Use ${REMOVED}` } }]);
  expect(JSON.stringify(chat.chat.saved.get(id))).not.toContain(KEY);
});
