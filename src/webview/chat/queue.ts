import type { ToView } from "../../contract/view/protocol.ts";
import type { State } from "./state.ts";

/** A prompt that waits for one answer to end, and belongs to nothing else. */
export type Waiting = {
  readonly text: string;
  readonly conversationId: string | null;
  readonly turnId: string;
  /** The answer was stopped for its sake: it is sent however that one ends. */
  readonly urgent: boolean;
};

/** What is being answered, and so what a prompt may wait for; undefined where nothing is. */
export function waitingFor({ shell }: State): Pick<Waiting, "conversationId" | "turnId"> | undefined {
  const { conversation, busyTurnId } = shell;
  return busyTurnId === null ? undefined : { conversationId: conversation?.id ?? null, turnId: busyTurnId };
}

/**
 * What becomes of a queued prompt after the host has spoken. Only the end of its own answer, told while its own
 * conversation is shown, sends it. Where anything else has come between, it goes back to the input: it is the user's to
 * say where it belongs now.
 */
export function fateOf(waiting: Waiting, after: State, message: ToView): "waits" | "send" | "give back" {
  const { shell, turns } = after;
  if ((shell.conversation?.id ?? null) !== waiting.conversationId) return "give back";
  if (shell.busyTurnId === waiting.turnId) return "waits";
  const ended = message.type === "answer" && message.turnId === waiting.turnId && shell.busyTurnId === null;
  if (!ended) return "give back";
  const ending = turns.find(({ turn }) => turn.id === waiting.turnId)?.turn.answer.summary?.ending.kind;
  return waiting.urgent || ending === "complete" ? "send" : "give back";
}
