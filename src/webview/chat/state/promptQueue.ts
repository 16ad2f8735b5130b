import type { ToView } from "../../../contract/view/protocol.ts";
import type { State } from "./reducer.ts";

/** A prompt that is sent when a certain answer ends. */
export type QueuedPrompt = {
  readonly text: string;
  readonly conversationId: string | null;
  readonly turnId: string;
  /** The answer was stopped in order to send this prompt: it is sent however the answer ends. */
  readonly urgent: boolean;
};

/** The answer that is being written, which a prompt can be queued behind; undefined if there is none. */
export function answerInProgress({
  shell,
}: State): Pick<QueuedPrompt, "conversationId" | "turnId"> | undefined {
  const { conversation, busyTurnId } = shell;
  return busyTurnId === null ? undefined : { conversationId: conversation?.id ?? null, turnId: busyTurnId };
}

/**
 * What to do with a queued prompt after a message. It is sent only when its answer ends while its conversation is
 * shown. After any other change it returns to the input, where the user decides what to do with it.
 */
export function nextQueueStep(
  queued: QueuedPrompt,
  state: State,
  message: ToView,
): "wait" | "send" | "return-to-input" {
  const { shell, turns } = state;
  if ((shell.conversation?.id ?? null) !== queued.conversationId) return "return-to-input";
  if (shell.busyTurnId === queued.turnId) return "wait";
  const isOfAnswer =
    message.type === "synced" || (message.type === "answer" && message.turnId === queued.turnId);
  const hasEnded = isOfAnswer && shell.busyTurnId === null;
  if (!hasEnded) return "return-to-input";
  const ending = turns.find(({ turn }) => turn.id === queued.turnId)?.turn.answer.summary?.ending.kind;
  return queued.urgent || ending === "complete" ? "send" : "return-to-input";
}
