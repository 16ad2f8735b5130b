/** What the view gets of conversations, turns and answers: what it shows, and no more. */
import type { ContextChip, ContextItem } from "../../contract/context.ts";
import type { Answer, Conversation, Prompt, Turn } from "../../contract/conversation.ts";
import { type Alternatives, alternativesIn } from "../../contract/turnTree.ts";
import type { AnswerState, ConversationView, TurnView } from "../../contract/view/conversationMessages.ts";

/**
 * So many of the last turns are sent whole. The view asks for the others when it is about to show them: 1,000 turns with
 * their decisions take 5.7 MB, and the messages between editor and view 70 ms and more (`npm run bench conversations`).
 */
const WHOLE_TURNS = 50;

/** Returns a conversation as the view shows it first: its end whole, and outlines of the turns before. */
export function conversationView(conversation: Conversation): ConversationView {
  const { id, title, isPrivate, turns, leftOut, isPinned } = conversation;
  const firstWhole = turns.length - WHOLE_TURNS;
  const alternativesTo = alternativesIn(conversation);
  return {
    ...{ id, title, isPrivate, leftOut, isPinned },
    turns: turns.map((turn, index) =>
      (index < firstWhole ? outlineOf : wholeTurn)(turn, alternativesTo(turn.id)),
    ),
  };
}

/** Turns of a conversation without the text of attached code. */
export function turnViews(turns: readonly Turn[], conversation: Pick<Conversation, "tree">): TurnView[] {
  const alternativesTo = alternativesIn(conversation);
  return turns.map((turn) => wholeTurn(turn, alternativesTo(turn.id)));
}

export function turnView(turn: Turn, conversation: Pick<Conversation, "tree">): TurnView {
  return wholeTurn(turn, alternativesIn(conversation)(turn.id));
}

function wholeTurn(turn: Turn, alternatives: Alternatives | undefined): TurnView {
  return { ...turn, prompt: promptView(turn.prompt), alternatives };
}

function outlineOf(turn: Turn, alternatives: Alternatives | undefined): TurnView {
  const { text, decision, handoffs, ...answer } = turn.answer;
  return {
    ...turn,
    prompt: { ...turn.prompt, context: [] },
    answer: { ...answer, text: "" },
    alternatives,
    isOutline: true,
  };
}

/** Returns a prompt as the view shows it: its items without their texts. */
export function promptView(prompt: Prompt): TurnView["prompt"] {
  return { ...prompt, context: prompt.context.map(contextChip) };
}

/** Returns an item without its text and its address, which the view does not need. */
export function contextChip({ text, source, ...chip }: ContextItem): ContextChip {
  if (chip.kind !== "image") return chip;
  const { data, ...image } = chip;
  return image;
}

/** Returns an answer without its text. */
export function answerState({ text, ...state }: Answer): AnswerState {
  return state;
}
