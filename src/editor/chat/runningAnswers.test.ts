import { expect, test } from "vitest";
import type { TurnEvent } from "../../assistant/chat.ts";
import { ScriptedChat } from "../testing/scriptedChat.ts";
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
