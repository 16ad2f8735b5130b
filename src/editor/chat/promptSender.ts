import * as vscode from "vscode";
import { AnsweredElsewhere, type Chat } from "../../assistant/chat.ts";
import type { SendOptions } from "../../assistant/promptPlace.ts";
import type { Conversation, Prompt, Turn } from "../../contract/conversation.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import type { SecretsRequest } from "../../contract/view/secretMessages.ts";
import { inputTextOf } from "../../explain/prompts.ts";
import type { Attachments } from "./attachments.ts";
import type { PromptCommands } from "./commands/promptCommands.ts";
import type { ConversationDisplay } from "./conversationDisplay.ts";
import type { CheckedPrompt, OutgoingGuard } from "./outgoing/outgoingGuard.ts";
import { askForNextTry } from "./pickers/nextTry.ts";
import type { PromptQueue } from "./queue/promptQueue.ts";
import type { RunningAnswers } from "./runningAnswers.ts";

export type PromptSenderDeps = {
  readonly chat: Pick<Chat, "open" | "show" | "stronger" | "modelOptions">;
  readonly running: Pick<RunningAnswers, "send" | "stopped" | "isRunning">;
  readonly queue: PromptQueue;
  readonly outgoing: Pick<OutgoingGuard, "check" | "release">;
  readonly display: ConversationDisplay;
  readonly attachments: Attachments;
  readonly commands: Pick<PromptCommands, "fill">;
  readonly post: (message: ToView) => void;
  /** Called when an answer has ended and its cost is known. */
  readonly onEnd: () => Promise<void>;
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
  async sendInput(writtenIn: string | null, text: string, options: SendOptions = {}): Promise<void> {
    const { display, running, attachments, outgoing, post } = this.#deps;
    if (text.trim() === "") return;
    const { conversation } = display;
    const { id, turns } = conversation;
    const belongs = writtenIn === id || (writtenIn === null && turns.length === 0);
    if (!belongs) return post({ type: "input", text });
    outgoing.release("cancel");
    const typed = attachments.take(text.trim());
    const filled = await this.#fill(typed);
    if (filled === undefined) return;
    const checked = await this.#check(conversation, filled, options);
    if (checked === undefined) return;
    if (display.conversation.id !== id) return this.returnToInput(typed);
    if (running.isRunning(id) || display.elsewhere !== undefined)
      this.#keep(id, checked.prompt, checked.options);
    else await this.#sendChecked(id, checked);
  }

  /** Carries out the user's choice for a prompt with secrets. `text`: that of the input, if the prompt is there. */
  async chooseForSecrets({ choice, conversationId, text }: SecretsRequest): Promise<void> {
    const held = this.#deps.outgoing.release(choice);
    if (choice === "cancel") return;
    if (held?.options.replaces !== undefined) return this.send(held.prompt, held.options);
    return this.sendInput(conversationId, text, held?.options);
  }

  /** Returns a prompt that may be sent or queued. One that the user is asked about is returned to the input. */
  async #check(
    conversation: Conversation,
    prompt: Prompt,
    options: SendOptions,
  ): Promise<CheckedPrompt | undefined> {
    let checked: CheckedPrompt | undefined;
    try {
      checked = await this.#deps.outgoing.check(conversation, prompt, options);
      return checked;
    } finally {
      if (checked === undefined) this.#return(prompt, options);
    }
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
    const { conversation } = this.#deps.display;
    const checked = await this.#check(conversation, prompt, options);
    if (checked !== undefined) await this.#sendChecked(conversation.id, checked);
  }

  async #sendChecked(id: string, { prompt, options }: CheckedPrompt): Promise<void> {
    const { display } = this.#deps;
    const before = display.conversation;
    await display.refresh();
    const { conversation, elsewhere } = display;
    if (conversation.id !== id) return this.#return(prompt, options);
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
    if (prompt === undefined) return;
    const checked = await this.#check(conversation, prompt, {});
    if (checked === undefined) return;
    const { conversation: current } = display;
    await this.#sendIn(current.id === conversationId ? current : conversation, checked.prompt, {});
  }

  async #sendIn(conversation: Conversation, prompt: Prompt, options: SendOptions): Promise<void> {
    const { running, onEnd } = this.#deps;
    try {
      if (!(await running.send(conversation, prompt, options)))
        return this.#keep(conversation.id, prompt, options);
    } catch (error) {
      if (!(error instanceof AnsweredElsewhere)) throw error;
      return reportBusy();
    }
    await onEnd();
    await this.sendNext(conversation.id);
  }

  /** Keeps a prompt that cannot be sent now: queues it, returns an edited one to the input; that of a turn stays there. */
  #keep(conversationId: string, prompt: Prompt, { replaces, edits }: SendOptions): void {
    if (replaces !== undefined) reportBusy();
    else if (edits !== undefined) this.returnToInput(prompt);
    else this.#deps.queue.add(conversationId, prompt);
  }

  /** Returns a prompt to the input unless it is that of a turn, where it can be sent again. */
  #return(prompt: Prompt, { replaces }: SendOptions): void {
    if (replaces === undefined) this.returnToInput(prompt);
  }

  /** Sends the last turn's prompt again and replaces its answer. */
  async retry(turnId: string, options: SendOptions): Promise<void> {
    const last = this.lastTurnAtRest(turnId);
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
    const { conversation } = display;
    const { id, turns } = conversation;
    const prompt = turns.find((turn) => turn.id === turnId)?.prompt;
    if (prompt === undefined || text.trim() === "") return;
    const isSame = text.trim() === inputTextOf(prompt);
    const edited = isSame ? prompt : await this.#fill(retyped(prompt, text));
    if (edited === undefined) return;
    const options = isSame ? { replaces: turnId } : { edits: turnId };
    const checked = await this.#check(conversation, edited, options);
    if (checked === undefined) return;
    if (display.conversation.id === id) await running.stopped(id);
    await this.#sendChecked(id, checked);
  }

  /** Changes the text of a queued prompt. */
  async editQueued(queuedId: string, text: string): Promise<void> {
    const { display, queue } = this.#deps;
    const { conversation } = display;
    const { id } = conversation;
    const prompt = queue.of(id).find((each) => each.id === queuedId)?.prompt;
    if (prompt === undefined) return;
    const edited = await this.#fill(retyped(prompt, text));
    const checked = edited && (await this.#check(conversation, edited, {}));
    if (checked === undefined) queue.remove(id, queuedId);
    else queue.replace(id, queuedId, checked.prompt);
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
    if (this.lastTurnAtRest(turnId) === undefined) return;
    await this.send({ text: vscode.l10n.t("Continue where you stopped."), context: [] }, {});
  }

  /** Returns a prompt that was not sent to the input, with its attachments. */
  returnToInput(prompt: Prompt): void {
    this.#deps.attachments.restore(prompt);
    this.#deps.post({ type: "input", text: inputTextOf(prompt) });
  }

  /** Returns the last turn if it has this id and no answer is being written in its conversation. */
  lastTurnAtRest(turnId: string): Turn | undefined {
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

function reportBusy(): void {
  void vscode.window.showInformationMessage(
    vscode.l10n.t(
      "Another window is writing an answer in this conversation. Send the prompt when it has ended.",
    ),
  );
}

function hasSameTurns({ turns }: Conversation, { turns: others }: Conversation): boolean {
  return turns.length === others.length && turns.every(({ id }, index) => id === others[index]?.id);
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
