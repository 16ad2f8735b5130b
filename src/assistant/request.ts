import type { Conversation, Prompt } from "../contract/conversation.ts";
import type { Attributes } from "../contract/decision.ts";
import type { EngineRequest } from "../engine.ts";
import { messagesFor } from "./messages.ts";

/** A prompt in its conversation, as the engine takes it. */
export function requestFor(
  conversation: Pick<Conversation, "id" | "isPrivate" | "turns">,
  prompt: Prompt,
  budgetChoice?: NonNullable<Attributes["budgetChoice"]>,
): EngineRequest {
  const { context, command, explicitModel } = prompt;
  const language = context[0]?.language;
  return {
    messages: messagesFor(conversation.turns, prompt),
    ownWords: prompt.text,
    characters: context.reduce((sum, { text }) => sum + text.length, prompt.text.length),
    conversation: conversation.id,
    isPrivate: conversation.isPrivate || context.some(({ isPrivate }) => isPrivate),
    paths: context.map(({ path }) => path),
    ...(command === undefined ? {} : { command }),
    ...(language === undefined ? {} : { language }),
    ...(explicitModel === undefined ? {} : { explicitModel }),
    ...(budgetChoice === undefined ? {} : { budgetChoice }),
  };
}
