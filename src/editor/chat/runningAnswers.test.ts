import { expect, test } from "vitest";
import { ScriptedChat } from "../../../test/support/scriptedChat.ts";
import type { TurnEvent } from "../../assistant/chat.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { RunningAnswers } from "./runningAnswers.ts";

test("a conversation is asked one thing at a time, whoever asks; another one is asked beside it", async () => {
  const chat = new ScriptedChat();
  const broken: string[] = [];
  const running = new RunningAnswers(chat, {
    changed: () => {},
    post: () => {},
    busy: () => {},
    answered: () => {},
    broke: ({ id }) => broken.push(id),
  });
  const { promise: rest, resolve: finish } = Promise.withResolvers<void>();
  chat.script.push(async function* (): AsyncGenerator<TurnEvent> {
    yield { type: "text", text: "half" };
    await rest;
  });
  const asked = { conversation: chat.start(), prompt: { text: "one", context: [] }, options: {} };
  const first = running.ask(asked);
  expect(await running.ask({ ...asked, prompt: { text: "two", context: [] } })).toBe(false);
  expect(running.runs(asked.conversation.id)).toBe(true);
  expect(await running.ask({ ...asked, conversation: chat.start() })).toBe(true);
  finish();
  expect(await first).toBe(true);
  expect(running.runs(asked.conversation.id)).toBe(false);
  expect(chat.asked).toHaveLength(2);
  expect(broken).toEqual([]);
});

test("a seam is told behind the text before it, is there for a view that opens meanwhile, and goes with its text", async () => {
  const chat = new ScriptedChat();
  const posted: ToView[] = [];
  const running = new RunningAnswers(chat, {
    changed: () => {},
    post: (_, message) => posted.push(message),
    busy: () => {},
    answered: () => {},
    broke: () => {},
  });
  const conversation = chat.start();
  const answer = () => running.conversation(conversation.id)?.turns.at(-1)?.answer;
  const seams = [{ at: 7, from: "a/m", to: "b/m" }];
  const seen: unknown[] = [];
  chat.script.push(async function* (): AsyncGenerator<TurnEvent> {
    yield { type: "text", text: "one " };
    yield { type: "text", text: "two" };
    yield { type: "answer", answer: { text: "", fallbacks: [], handoffs: seams } };
    seen.push(answer());
    yield { type: "text", text: " three" };
    yield { type: "restart" };
    seen.push(answer());
  });
  await running.ask({ conversation, prompt: { text: "Why?", context: [] }, options: {} });
  expect(seen).toMatchObject([
    { text: "one two", handoffs: seams },
    { text: "", handoffs: [] },
  ]);
  const before = posted.slice(
    0,
    posted.findIndex(({ type }) => type === "answer"),
  );
  expect(before.map((message) => (message.type === "text" ? message.text : "")).join("")).toBe("one two");
  expect(posted).toContainEqual({
    type: "answer",
    turnId: "t1",
    answer: { fallbacks: [], handoffs: seams },
    busy: true,
  });
});
