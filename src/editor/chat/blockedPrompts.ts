import type { Chat } from "../../assistant/chat.ts";
import type { BudgetScope } from "../../contract/budget.ts";
import type { Turn } from "../../contract/conversation.ts";
import type { FromView } from "../../contract/view/protocol.ts";
import type { ConversationDisplay } from "./conversationDisplay.ts";
import { askForTurnsToLeaveOut } from "./pickers/earlierTurns.ts";
import type { PromptSender } from "./promptSender.ts";
import type { ChangeConversation } from "./requests/listRequests.ts";

export type BlockedPromptsDeps = {
  readonly chat: Pick<Chat, "dropLast" | "leaveOut" | "earlierTokens">;
  readonly display: ConversationDisplay;
  readonly sender: Pick<PromptSender, "retry" | "returnToInput" | "lastTurnAtRest">;
  readonly onChange: ChangeConversation;
  /** Lets the user change a budget. Resolves to whether it has changed. */
  readonly changeBudget: (limit: BudgetScope) => Promise<boolean>;
};

/** What the user can do with a prompt that was not sent because it is too expensive or too long. */
export class BlockedPrompts {
  readonly #deps: BlockedPromptsDeps;

  constructor(deps: BlockedPromptsDeps) {
    this.#deps = deps;
  }

  /** Carries out the user's choice for a prompt that the budget does not cover. */
  async chooseForBudget(
    turnId: string,
    choice: Extract<FromView, { type: "budgetChoice" }>["choice"],
  ): Promise<void> {
    const { sender } = this.#deps;
    const last = sender.lastTurnAtRest(turnId);
    if (last === undefined) return;
    switch (choice) {
      case "cheapest":
      case "free":
        return sender.retry(turnId, { budgetChoice: choice });
      case "raise":
        if (await this.#deps.changeBudget(limitOf(last))) await sender.retry(turnId, {});
        return;
      case "discard":
        return this.#discard(last);
    }
  }

  /** Lets the user leave out earlier turns. With a turn, its prompt is then sent again without them. */
  async leaveOut(turnId: string | null): Promise<void> {
    const { chat, display, sender } = this.#deps;
    if (turnId !== null && sender.lastTurnAtRest(turnId) === undefined) return;
    const { conversation } = display;
    const earlier = turnId === null ? conversation.turns : conversation.turns.slice(0, -1);
    const leftOut = await askForTurnsToLeaveOut(chat, { ...conversation, turns: earlier });
    if (leftOut === undefined) return;
    await chat.leaveOut(conversation, leftOut);
    this.#deps.onChange(conversation.id, (changed) => ({ ...changed, leftOut }));
    if (display.shows(conversation.id)) display.show(display.conversation);
    if (turnId !== null) await sender.retry(turnId, {});
  }

  /** Moves the prompt of the last turn to a new conversation, where the user can send it. */
  async moveToNew(turnId: string): Promise<void> {
    const { chat, display, sender } = this.#deps;
    const last = sender.lastTurnAtRest(turnId);
    if (last === undefined || last.answer.text !== "") return;
    await chat.dropLast(display.conversation);
    display.showNew();
    sender.returnToInput(last.prompt);
  }

  async #discard(last: Turn): Promise<void> {
    const { chat, display, sender } = this.#deps;
    const { conversation } = display;
    const { turns, tree } = await chat.dropLast(conversation);
    // The user may have opened another conversation meanwhile; that one stays as it is.
    if (display.conversation.id !== conversation.id) return;
    display.show({ ...display.conversation, turns, tree });
    sender.returnToInput(last.prompt);
  }
}

/** Returns which limit blocked a turn. */
function limitOf({ answer }: Turn): BudgetScope {
  const ending = answer.summary?.ending;
  return ending?.kind === "not-sent" && ending.reason.kind === "over-budget"
    ? ending.reason.limit
    : { kind: "day" };
}
