import { nanoUsd } from "../../../src/contract/money.ts";
import type { TurnView } from "../../../src/contract/view/conversationMessages.ts";
import type { ToView } from "../../../src/contract/view/protocol.ts";

/** A state of the view: the messages that lead to it, in order, and what the user then does. */
export type Scene = {
  readonly name: string;
  readonly messages: readonly ToView[];
  /** CSS selectors to click, in order. */
  readonly clicks?: readonly string[];
  readonly typed?: string;
  readonly keys?: readonly string[];
  /** Height of the picture in pixels; 720 by default. */
  readonly height?: number;
  /** A message that arrives after the user has scrolled up. */
  readonly scrolledUpThen?: ToView;
};

export const sonnet = "anthropic/claude-sonnet-5-5";

export function opening(
  spent: number,
  turns: readonly TurnView[],
  title: string,
  busyTurnId: string | null = null,
): ToView[] {
  return [
    { type: "readiness", readiness: { kind: "ready" } },
    { type: "providers", names: { anthropic: "Anthropic", openai: "OpenAI", ollama: "Ollama" } },
    {
      type: "budget",
      budget: { spentNanoUsd: nanoUsd(spent), budgetNanoUsd: nanoUsd(5), unknown: false },
    },
    { type: "conversation", conversation: { id: "c1", title, isPrivate: false, turns }, busyTurnId },
  ];
}
