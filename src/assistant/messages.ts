import type { Conversation, Prompt } from "../contract/conversation.ts";
import { type Message, textMessage } from "../contract/message.ts";
import { fenced } from "./context.ts";

/** Who the assistant is. Short, since it is paid for with every prompt. */
const SYSTEM =
  "You are a programming assistant in Visual Studio Code. Answer in Markdown, briefly and to the point. " +
  "Put code into fenced blocks that name their language. Say so when you do not know.";

/**
 * A conversation as a model reads it: who the assistant is, the turns that were answered, and the new prompt. Turns
 * without an answer's text are left out.
 */
export function messagesFor(before: Conversation["turns"], prompt: Prompt): readonly Message[] {
  const earlier = before
    .filter(({ answer }) => answer.text !== "")
    .flatMap((turn) => [userMessage(turn.prompt), textMessage("assistant", turn.answer.text)]);
  return [textMessage("system", SYSTEM), ...earlier, userMessage(prompt)];
}

function userMessage(prompt: Prompt): Message {
  return textMessage("user", [...prompt.context.map(fenced), prompt.text].join("\n\n"));
}
