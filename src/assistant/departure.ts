import type { Answer, Turn } from "../contract/conversation.ts";
import type { ModelRef } from "../contract/model.ts";
import type { Reach } from "../engine/reach.ts";

/** What leaves this machine with a prompt. */
export type Departure = {
  /** The first model on another machine that the prompt may reach. */
  readonly model: ModelRef;
  /** The earlier turns that are sent along, and that only models on this machine have read. */
  readonly unread: readonly Turn[];
};

/**
 * @param before the earlier turns
 * @param leftOut how many of the oldest are not sent along
 */
export function departureOf(
  { firstRemote, isRemote }: Reach,
  before: readonly Turn[],
  leftOut: number = 0,
): Departure | undefined {
  if (firstRemote === undefined) return undefined;
  const unread: Turn[] = [];
  // The oldest turn that such a model got with a later one.
  let readFrom = before.length;
  for (let index = before.length - 1; index >= leftOut; index--) {
    const turn = before[index];
    if (turn === undefined) continue;
    if (wasReadRemotely(turn.answer, isRemote)) readFrom = Math.min(readFrom, turn.leftOut ?? 0);
    if (index < readFrom) unread.unshift(turn);
  }
  return { model: firstRemote, unread };
}

/** Whether a model on another machine was called for an answer: it has read the turn, and those that were sent along. */
function wasReadRemotely({ summary, decision }: Answer, isRemote: (ref: ModelRef) => boolean): boolean {
  const chain = decision?.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const isSimulated = (ref: ModelRef) => chain.some((step) => step.ref === ref && step.simulated === true);
  return summary?.attempts.some(({ ref }) => isRemote(ref) && !isSimulated(ref)) ?? false;
}
