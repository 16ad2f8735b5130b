import type { ToView, TurnView } from "../../contract/view/protocol.ts";

/** A turn, and the text of its answer, which grows on its own: a chunk changes the text and nothing else. */
export type TurnState = { readonly turn: TurnView; readonly text: string };

/** The conversation's turns after the host has spoken. */
export function reduceTurns(turns: readonly TurnState[], message: ToView): readonly TurnState[] {
  switch (message.type) {
    case "conversation":
      return message.conversation?.turns.map(turnState) ?? [];
    case "turn": {
      const next = turnState(message.turn);
      const known = turns.some(({ turn }) => turn.id === next.turn.id);
      return known ? change(turns, next.turn.id, () => next) : [...turns, next];
    }
    case "text":
      return change(turns, message.turnId, ({ turn, text }) => ({ turn, text: text + message.text }));
    case "restart":
      return change(turns, message.turnId, ({ turn: { answer, ...turn } }) => ({
        // What was not torn yet has no seams.
        turn: { ...turn, answer: { ...answer, handoffs: [] } },
        text: "",
      }));
    case "answer":
      return change(turns, message.turnId, ({ turn, text }) => ({
        turn: { ...turn, answer: { ...message.answer, text: "" } },
        text,
      }));
    default:
      return turns;
  }
}

function turnState(turn: TurnView): TurnState {
  return { turn, text: turn.answer.text };
}

function change(
  turns: readonly TurnState[],
  id: string,
  to: (state: TurnState) => TurnState,
): readonly TurnState[] {
  // The turn that changes is nearly always the last one.
  const index = turns.findLastIndex(({ turn }) => turn.id === id);
  const state = turns[index];
  return state === undefined ? turns : turns.with(index, to(state));
}
