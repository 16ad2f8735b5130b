import type { Answer, ContextItem, Conversation, Turn } from "../../contract/conversation.ts";
import type { AnswerState, ContextChip, ConversationView, TurnView } from "../../contract/view/protocol.ts";

/** A conversation as the view shows it: code that went along is named, not repeated. */
export function conversationView({ id, title, isPrivate, turns }: Conversation): ConversationView {
  return { id, title, isPrivate, turns: turns.map(turnView) };
}

export function turnView(turn: Turn): TurnView {
  return { ...turn, prompt: { ...turn.prompt, context: turn.prompt.context.map(chipOf) } };
}

export function chipOf({ text, ...chip }: ContextItem): ContextChip {
  return chip;
}

export function answerState({ text, ...state }: Answer): AnswerState {
  return state;
}
