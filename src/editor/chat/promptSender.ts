import * as vscode from "vscode";
import { AnsweredElsewhere, type Chat, type SendOptions } from "../../assistant/chat.ts";
import type { Conversation, Prompt, Turn } from "../../contract/conversation.ts";
import type { FromView, ToView } from "../../contract/view/protocol.ts";
import type { Attachments } from "./attachments.ts";
import type { ConversationDisplay } from "./conversationDisplay.ts";
import { askForTurnsToLeaveOut } from "./earlierTurns.ts";
import type { RunningAnswers } from "./runningAnswers.ts";

export type PromptSenderDeps = {
  readonly chat: Pick<Chat, "dropLast" | "leaveOut" | "earlierTokens">;
  readonly running: Pick<RunningAnswers, "send" | "isRunning">;
  readonly display: ConversationDisplay;
  readonly attachments: Attachments;
  readonly post: (message: ToView) => void;
  /** Changes every copy of a conversation in memory. */
  readonly onChange: (id: string, change: (conversation: Conversation) => Conversation) => void;
  /** Called when an answer has ended and its cost is known. */
  readonly onEnd: () => Promise<void>;
  /** Lets the user change a budget. Resolves to whether it has changed. */
  readonly changeBudget: (period: "day" | "month") => Promise<boolean>;
};

/** Sends prompts in the conversation that is shown. While an answer is being written there, nothing is sent. */
export class PromptSender {
  readonly #deps: PromptSenderDeps;

  constructor(deps: PromptSenderDeps) {
    this.#deps = deps;
  }

  /** Sends the text of the input, or returns it there if it was written in another conversation than the one shown. */
  async sendInput(writtenIn: string | null, text: string): Promise<void> {
    const { display, running, attachments, post } = this.#deps;
    if (text.trim() === "") return;
    const { id, turns } = display.conversation;
    const belongs = writtenIn === id || (writtenIn === null && turns.length === 0);
    if (!belongs || running.isRunning(id)) return post({ type: "input", text });
    await this.send(attachments.take(text.trim()), {});
  }

  /** Sends a prompt, after what other windows have added to the conversation. A prompt that cannot be sent is returned. */
  async send(prompt: Prompt, options: SendOptions): Promise<void> {
    const { running, display, onEnd } = this.#deps;
    const { id } = display.conversation;
    await display.refresh();
    const { conversation, elsewhere } = display;
    if (elsewhere !== undefined) sayThatItIsBusy();
    if (elsewhere !== undefined || conversation.id !== id) return this.#return(prompt, options);
    try {
      if (await running.send(conversation, prompt, options)) await onEnd();
      else this.#return(prompt, options);
    } catch (error) {
      if (!(error instanceof AnsweredElsewhere)) throw error;
      sayThatItIsBusy();
    }
  }

  /** Returns a prompt to the input unless it is that of a turn, where it can be sent again. */
  #return(prompt: Prompt, { replaces }: SendOptions): void {
    if (replaces === undefined) this.returnToInput(prompt);
  }

  /** Sends the last turn's prompt again and replaces its answer. */
  async retry(turnId: string, options: SendOptions): Promise<void> {
    const last = this.#lastTurnAtRest(turnId);
    if (last !== undefined) await this.send(last.prompt, { ...options, replaces: turnId });
  }

  /** Continues an answer that stopped at its output limit. */
  async continue(turnId: string): Promise<void> {
    if (this.#lastTurnAtRest(turnId) === undefined) return;
    await this.send({ text: vscode.l10n.t("Continue where you stopped."), context: [] }, {});
  }

  /** Carries out the user's choice for a prompt that the budget does not cover. */
  async chooseForBudget(
    turnId: string,
    choice: Extract<FromView, { type: "budgetChoice" }>["choice"],
  ): Promise<void> {
    const last = this.#lastTurnAtRest(turnId);
    if (last === undefined) return;
    switch (choice) {
      case "cheapest":
      case "free":
        return this.retry(turnId, { budgetChoice: choice });
      case "raise":
        if (await this.#deps.changeBudget(periodOf(last))) await this.retry(turnId, {});
        return;
      case "discard":
        return this.#discard(last);
    }
  }

  /** Lets the user leave out earlier turns. With a turn, its prompt is then sent again without them. */
  async leaveOut(turnId: string | null): Promise<void> {
    const { chat, display } = this.#deps;
    if (turnId !== null && this.#lastTurnAtRest(turnId) === undefined) return;
    const { conversation } = display;
    const earlier = turnId === null ? conversation.turns : conversation.turns.slice(0, -1);
    const leftOut = await askForTurnsToLeaveOut(chat, { ...conversation, turns: earlier });
    if (leftOut === undefined) return;
    await chat.leaveOut(conversation, leftOut);
    this.#deps.onChange(conversation.id, (changed) => ({ ...changed, leftOut }));
    if (display.shows(conversation.id)) display.show(display.conversation);
    if (turnId !== null) await this.retry(turnId, {});
  }

  /** Moves the prompt of the last turn to a new conversation, where the user can send it. */
  async moveToNew(turnId: string): Promise<void> {
    const { chat, display } = this.#deps;
    const last = this.#lastTurnAtRest(turnId);
    if (last === undefined || last.answer.text !== "") return;
    await chat.dropLast(display.conversation);
    display.showNew();
    this.returnToInput(last.prompt);
  }

  /** Returns a prompt that was not sent to the input, with its attachments. */
  returnToInput(prompt: Prompt): void {
    this.#deps.attachments.restore(prompt);
    this.#deps.post({ type: "input", text: prompt.text });
  }

  async #discard(last: Turn): Promise<void> {
    const { chat, display } = this.#deps;
    const { conversation } = display;
    const { turns, tree } = await chat.dropLast(conversation);
    // The user may have opened another conversation meanwhile; that one stays as it is.
    if (display.conversation.id !== conversation.id) return;
    display.show({ ...display.conversation, turns, tree });
    this.returnToInput(last.prompt);
  }

  /** Returns the last turn if it has this id and no answer is being written in its conversation. */
  #lastTurnAtRest(turnId: string): Turn | undefined {
    const { display, running } = this.#deps;
    const { id, turns } = display.conversation;
    const last = turns.at(-1);
    const isAtRest = !running.isRunning(id) && display.elsewhere === undefined;
    return last?.id === turnId && isAtRest ? last : undefined;
  }
}

function sayThatItIsBusy(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      "Another window is writing an answer in this conversation. Send the prompt when it has ended.",
    ),
  );
}

/** Returns which budget blocked a turn. */
function periodOf({ answer }: Turn): "day" | "month" {
  const ending = answer.summary?.ending;
  return ending?.kind === "not-sent" && ending.reason.kind === "over-budget" ? ending.reason.period : "day";
}
