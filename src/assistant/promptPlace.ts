/** Where a prompt stands in its conversation: after the last turn, or in the place of another one. */
import type { Answer, Conversation, Turn, TurnPlace } from "../contract/conversation.ts";
import type { Attributes, EscalationReason } from "../contract/decision.ts";
import { newPlace } from "../contract/turnTree.ts";

export type SendOptions = {
  /**
   * The id of a turn that is shown. The new one is shown in its place. `replaces`: its prompt is sent again. `edits`: an
   * edited prompt is sent. The old turn and those after it can be shown again, unless there is nothing of it to keep.
   */
  readonly replaces?: string | undefined;
  readonly edits?: string | undefined;
  readonly budgetChoice?: Attributes["budgetChoice"];
  /** The answer that is replaced was not good enough: a stronger model tries next, if there is one. */
  readonly escalate?: EscalationReason | undefined;
};

export type PromptPlace = {
  /** The turn in whose place the new one is shown. */
  readonly replaced: Turn | undefined;
  readonly before: readonly Turn[];
};

/** Returns the turn in whose place a new one is shown, and the turns before it. Without such a turn, all come before it. */
export function placeIn({ turns }: Conversation, { replaces, edits }: SendOptions): PromptPlace {
  const index = turns.findIndex(({ id }) => id === (replaces ?? edits));
  return index < 0
    ? { replaced: undefined, before: turns }
    : { replaced: turns[index], before: turns.slice(0, index) };
}

/** Returns the id of a new turn, and its place in the tree; undefined if it takes that of a turn that is not kept. */
export function turnAt(
  conversation: Conversation,
  { replaced, before }: PromptPlace,
  { replaces }: SendOptions,
  newId: () => string,
): { readonly id: string; readonly place: TurnPlace | undefined } {
  const again = replaces === undefined ? undefined : replaced;
  if (again !== undefined && again === conversation.turns.at(-1) && isEmpty(again.answer))
    return { id: again.id, place: undefined };
  const id = newId();
  return { id, place: newPlace(conversation, id, before, again?.id) };
}

/** Whether there is nothing of an answer to keep: no text, and nothing was paid. */
function isEmpty({ text, summary }: Answer): boolean {
  const { cost } = summary ?? {};
  return text === "" && (cost === undefined || (cost.kind !== "unknown" && cost.nanoUsd === 0));
}
