import type { Answer, Turn } from "../contract/conversation.ts";
import type { ModelRef } from "../contract/model.ts";
import type { Reach } from "../engine/engine.ts";

/** What leaves this machine with a prompt. */
export type Departure = {
  /** The first model on another machine that the prompt may reach. */
  readonly model: ModelRef;
  /** The earlier turns that are sent along, and that only models on this machine have read. */
  readonly unread: readonly Turn[];
};

/** @param before the earlier turns that are sent along */
export function departureOf(
  { firstRemote, isRemote }: Reach,
  before: readonly Turn[],
): Departure | undefined {
  if (firstRemote === undefined) return undefined;
  const lastRead = before.findLastIndex(({ answer }) => wasReadRemotely(answer, isRemote));
  return { model: firstRemote, unread: before.slice(lastRead + 1) };
}

/** Whether a model on another machine was called for an answer: it has read the turn, and those before it. */
function wasReadRemotely({ summary, decision }: Answer, isRemote: (ref: ModelRef) => boolean): boolean {
  const chain = decision?.outcome.kind === "chosen" ? decision.outcome.chain : [];
  const isSimulated = (ref: ModelRef) => chain.some((step) => step.ref === ref && step.simulated === true);
  return summary?.attempts.some(({ ref }) => isRemote(ref) && !isSimulated(ref)) ?? false;
}
