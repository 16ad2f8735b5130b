import * as vscode from "vscode";
import { AnsweredElsewhere, type Chat, type SendOptions } from "../../assistant/chat.ts";
import type { Conversation, Prompt, Turn } from "../../contract/conversation.ts";
import type { BudgetScope } from "../../contract/decision.ts";
import type { FromView, ToView } from "../../contract/view/protocol.ts";
import { inputTextOf } from "../../explain/prompts.ts";
import type { Attachments } from "./attachments.ts";
import type { PromptCommands } from "./commands/promptCommands.ts";
import type { ConversationDisplay } from "./conversationDisplay.ts";
import { askForTurnsToLeaveOut } from "./pickers/earlierTurns.ts";
import { askForNextTry } from "./pickers/nextTry.ts";
import type { PromptQueue } from "./queue/promptQueue.ts";
import type { RunningAnswers } from "./runningAnswers.ts";

export type PromptSenderDeps = {
  readonly chat: Pick<
    Chat,
    "open" | "show" | "stronger" | "modelOptions" | "dropLast" | "leaveOut" | "earlierTokens"
  >;
  readonly running: Pick<RunningAnswers, "send" | "stopped" | "isRunning">;
  readonly queue: PromptQueue;
  readonly display: ConversationDisplay;
  readonly attachments: Attachments;
  readonly commands: Pick<PromptCommands, "fill">;
  readonly post: (message: ToView) => void;
  /** Changes every copy of a conversation in memory. */
  readonly onChange: (id: string, change: (conversation: Conversation) => Conversation) => void;
  /** Called when an answer has ended and its cost is known. */
  readonly onEnd: () => Promise<void>;
  /** Lets the user change a budget. Resolves to whether it has changed. */
  readonly changeBudget: (limit: BudgetScope) => Promise<boolean>;
};

/** Sends prompts in the conversation that is shown. While an answer is being written there, they are queued. */
export class PromptSender {
  readonly #deps: PromptSenderDeps;
  /** Settles when the last prompt is filled. */
  #filled: Promise<unknown> = Promise.resolve();

  constructor(deps: PromptSenderDeps) {
    this.#deps = deps;
  }

  /**
   * Sends the text of the input, or queues it while an answer is being written. Returns it to the input if it was written
   * in another conversation than the one shown, or if its command lacks something.
   */
  async sendInput(writtenIn: string | null, text: string): Promise<void> {
    const { display, running, attachments, queue, post } = this.#deps;
    if (text.trim() === "") return;
    const { id, turns } = display.conversation;
    const belongs = writtenIn === id || (writtenIn === null && turns.length === 0);
    if (!belongs) return post({ type: "input", text });
    const typed = attachments.take(text.trim());
    const prompt = await this.#fill(typed);
    if (prompt === undefined) return;
    if (display.conversation.id !== id) return this.returnToInput(typed);
    if (running.isRunning(id) || display.elsewhere !== undefined) queue.add(id, prompt);
    else await this.send(prompt, {});
  }

  /**
   * Returns a prompt with what its command asks for and attaches; undefined if that lacks something. The prompt is then
   * returned to the input. Prompts are filled one after the other, so that they are sent in the order of typing.
   */
  async #fill(typed: Prompt): Promise<Prompt | undefined> {
    const { commands, post } = this.#deps;
    const filling = this.#filled.then(() => commands.fill(typed));
    this.#filled = filling.catch(() => {});
    try {
      const filled = await filling;
      if (filled.kind === "prompt") return filled.prompt;
      this.returnToInput(typed);
      post({ type: "forecast", forecast: null, draft: typed.text, missing: filled.reason });
      return undefined;
    } catch (error) {
      this.returnToInput(typed);
      throw error;
    }
  }

  /** Sends a prompt, after what other windows have added to the conversation. A prompt that cannot be sent is returned. */
  async send(prompt: Prompt, options: SendOptions): Promise<void> {
    const { display } = this.#deps;
    const before = display.conversation;
    await display.refresh();
    const { conversation, elsewhere } = display;
    if (conversation.id !== before.id) return this.#return(prompt, options);
    if (elsewhere !== undefined) {
      this.#keep(conversation.id, prompt, options);
      return display.show(conversation);
    }
    if (!hasSameTurns(before, conversation)) display.show(conversation);
    await this.#sendIn(conversation, prompt, options);
  }

  /** Sends the first queued prompt of a conversation, if its last answer is complete or was stopped for it. */
  async sendNext(conversationId: string): Promise<void> {
    const { chat, display, running, queue } = this.#deps;
    if (queue.of(conversationId).length === 0) return;
    const { conversation: shown } = display;
    const conversation = shown.id === conversationId ? shown : await chat.open(conversationId);
    if (conversation === undefined || running.isRunning(conversationId)) return;
    const ending = conversation.turns.at(-1)?.answer.summary?.ending.kind;
    const prompt = queue.take(conversationId, ending === "complete");
    if (prompt !== undefined) await this.#sendIn(conversation, prompt, {});
  }

  async #sendIn(conversation: Conversation, prompt: Prompt, options: SendOptions): Promise<void> {
    const { running, onEnd } = this.#deps;
    try {
      if (!(await running.send(conversation, prompt, options)))
        return this.#keep(conversation.id, prompt, options);
    } catch (error) {
      if (!(error instanceof AnsweredElsewhere)) throw error;
      return sayThatItIsBusy();
    }
    await onEnd();
    await this.sendNext(conversation.id);
  }

  /** Keeps a prompt that cannot be sent now: queues it, returns an edited one to the input; that of a turn stays there. */
  #keep(conversationId: string, prompt: Prompt, { replaces, edits }: SendOptions): void {
    if (replaces !== undefined) sayThatItIsBusy();
    else if (edits !== undefined) this.returnToInput(prompt);
    else this.#deps.queue.add(conversationId, prompt);
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

  /** Sends the prompt of a turn again because its answer was not good enough, in a branch of its own. */
  async regenerate(turnId: string): Promise<void> {
    const turn = this.#turnAtRest(turnId);
    if (turn !== undefined) await this.send(turn.prompt, { replaces: turnId, escalate: "regenerate" });
  }

  /** Lets the user choose the model that answers the prompt of a turn again. */
  async regenerateWith(turnId: string): Promise<void> {
    const { chat, display } = this.#deps;
    const { conversation } = display;
    const turn = this.#turnAtRest(turnId);
    if (turn === undefined) return;
    const choice = await askForNextTry(chat, conversation, turn);
    // Meanwhile the user may have sent something, or opened another conversation.
    if (choice === undefined || this.#turnAtRest(turnId) === undefined) return;
    const { explicitModel, ...prompt } = turn.prompt;
    if (choice.kind === "stronger") await this.send(prompt, { replaces: turnId, escalate: "stronger" });
    else await this.send({ ...prompt, explicitModel: choice.ref }, { replaces: turnId });
  }

  /** Sends an edited prompt in place of a turn's, after stopping the answer that is being written. */
  async edit(turnId: string, text: string): Promise<void> {
    const { display, running } = this.#deps;
    const { id, turns } = display.conversation;
    const prompt = turns.find((turn) => turn.id === turnId)?.prompt;
    if (prompt === undefined || text.trim() === "") return;
    const isSame = text.trim() === inputTextOf(prompt);
    const edited = isSame ? prompt : await this.#fill(retyped(prompt, text));
    if (edited === undefined) return;
    await running.stopped(id);
    const options = isSame ? { replaces: turnId } : { edits: turnId };
    if (display.conversation.id === id) await this.send(edited, options);
  }

  /** Changes the text of a queued prompt. */
  async editQueued(queuedId: string, text: string): Promise<void> {
    const { display, queue } = this.#deps;
    const { id } = display.conversation;
    const prompt = queue.of(id).find((each) => each.id === queuedId)?.prompt;
    if (prompt === undefined) return;
    const edited = await this.#fill(retyped(prompt, text));
    if (edited === undefined) queue.remove(id, queuedId);
    else queue.replace(id, queuedId, edited);
  }

  /** Shows another turn in its place. */
  async showTurn(turnId: string): Promise<void> {
    const { chat, display, running } = this.#deps;
    const { conversation, elsewhere } = display;
    if (running.isRunning(conversation.id) || elsewhere !== undefined) return;
    const shown = await chat.show(conversation, turnId);
    if (display.shows(shown.id) && !running.isRunning(shown.id)) display.show(shown);
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
        if (await this.#deps.changeBudget(limitOf(last))) await this.retry(turnId, {});
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
    this.#deps.post({ type: "input", text: inputTextOf(prompt) });
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
    const turn = this.#turnAtRest(turnId);
    return turn === this.#deps.display.conversation.turns.at(-1) ? turn : undefined;
  }

  /** Returns a turn that is shown, if no answer is being written in its conversation. */
  #turnAtRest(turnId: string): Turn | undefined {
    const { display, running } = this.#deps;
    const { id, turns } = display.conversation;
    const isAtRest = !running.isRunning(id) && display.elsewhere === undefined;
    return isAtRest ? turns.find((turn) => turn.id === turnId) : undefined;
  }
}

function sayThatItIsBusy(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      "Another window is writing an answer in this conversation. Send the prompt when it has ended.",
    ),
  );
}

function hasSameTurns({ turns }: Conversation, { turns: others }: Conversation): boolean {
  return turns.length === others.length && turns.every(({ id }, index) => id === others[index]?.id);
}

/** Returns which limit blocked a turn. */
function limitOf({ answer }: Turn): BudgetScope {
  const ending = answer.summary?.ending;
  return ending?.kind === "not-sent" && ending.reason.kind === "over-budget"
    ? ending.reason.limit
    : { kind: "day" };
}

/**
 * Returns a prompt with other text from the user. A command that was typed is part of the text. A model that was picked for
 * an earlier answer is not kept: what is chosen for the conversation applies.
 */
function retyped({ explicitModel, ...prompt }: Prompt, text: string): Prompt {
  if (prompt.instructions === undefined) return { ...prompt, text: text.trim() };
  const { command, instructions, ...others } = prompt;
  return { ...others, text: text.trim() };
}
