import * as vscode from "vscode";
import type { Chat } from "../../../assistant/chat.ts";
import type { Thumb } from "../../../contract/conversation.ts";
import type { History } from "../../../contract/history.ts";
import type { ConversationRequest } from "../../../contract/view/conversationMessages.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { QueueRequest } from "../../../contract/view/queueMessages.ts";
import type { SecretsRequest } from "../../../contract/view/secretMessages.ts";
import type { BlockedPrompts } from "../blockedPrompts.ts";
import { openContext } from "../context/openContext.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";
import { answerState } from "../conversationView.ts";
import type { PromptSender } from "../promptSender.ts";
import type { PromptQueue } from "../queue/promptQueue.ts";
import type { RunningAnswers } from "../runningAnswers.ts";
import type { ChangeConversation } from "./listRequests.ts";

export type ConversationRequestsDeps = {
  readonly chat: Pick<Chat, "rate">;
  readonly history: () => Promise<Pick<History, "requestStop">>;
  readonly display: ConversationDisplay;
  readonly running: Pick<RunningAnswers, "stop" | "isRunning">;
  readonly sender: PromptSender;
  readonly blocked: BlockedPrompts;
  readonly queue: PromptQueue;
  readonly post: (message: ToView) => void;
  readonly onChange: ChangeConversation;
  /** Decides again where the prompt in the input would go. */
  readonly forecast: () => Promise<void>;
};

/** Carries out what the user does in the conversation that is shown. */
export class ConversationRequests {
  readonly #deps: ConversationRequestsDeps;

  constructor(deps: ConversationRequestsDeps) {
    this.#deps = deps;
  }

  async handle(request: ConversationRequest): Promise<void> {
    const { sender, blocked, forecast } = this.#deps;
    switch (request.type) {
      case "send":
        return sender.sendInput(request.conversationId, request.text);
      case "stop":
        return this.#stop();
      case "retry":
        return sender.retry(request.turnId, {});
      case "regenerate":
        return sender.regenerate(request.turnId);
      case "regenerateWith":
        return sender.regenerateWith(request.turnId);
      case "editPrompt":
        return sender.edit(request.turnId, request.text);
      case "showTurn":
        await sender.showTurn(request.turnId);
        return forecast();
      case "loadTurns":
        return this.#deps.display.postTurns(request.conversationId, request.turnIds);
      case "continue":
        return sender.continue(request.turnId);
      case "budgetChoice":
        return blocked.chooseForBudget(request.turnId, request.choice);
      case "leaveOut":
        await blocked.leaveOut(request.turnId);
        return forecast();
      case "moveToNew":
        return blocked.moveToNew(request.turnId);
      case "thumb":
        return this.#rate(request.turnId, request.thumb);
      case "copyDecision":
        return this.#copyDecision(request.turnId);
    }
  }

  /** Carries out the user's choice for a prompt with secrets. */
  chooseForSecrets(request: SecretsRequest): Promise<void> {
    return this.#deps.sender.chooseForSecrets(request);
  }

  async #stop(): Promise<void> {
    const { display, running, history } = this.#deps;
    const { id } = display.conversation;
    if (display.elsewhere === undefined) running.stop(id);
    else await (await history()).requestStop(id);
  }

  /** Carries out what the user does with the queued prompts of the conversation. */
  async handleQueue(request: QueueRequest): Promise<void> {
    const { display, running, sender, queue, post } = this.#deps;
    const { id } = display.conversation;
    switch (request.type) {
      case "editQueued":
        return sender.editQueued(request.id, request.text);
      case "moveQueued":
        return queue.move(id, request.id, request.by);
      case "removeQueued":
        return queue.remove(id, request.id);
      case "openQueuedContext": {
        const { context = [] } = queue.of(id).find((each) => each.id === request.id)?.prompt ?? {};
        const item = context[request.index];
        if (item === undefined) return;
        return post({ type: "contextNotice", text: (await openContext(item)) ?? null });
      }
      case "sendQueued":
        queue.makeUrgent(id, request.id);
        return running.isRunning(id) || display.elsewhere !== undefined ? this.#stop() : sender.sendNext(id);
    }
  }

  async #rate(turnId: string, thumb: Thumb | null): Promise<void> {
    const { chat, display, onChange, post } = this.#deps;
    const { id, turns } = await chat.rate(display.conversation, turnId, thumb);
    const rated = turns.find((turn) => turn.id === turnId);
    if (rated === undefined) return;
    onChange(id, (conversation) => ({
      ...conversation,
      turns: conversation.turns.map((turn) => (turn.id === turnId ? rated : turn)),
    }));
    post({ type: "answer", turnId, answer: answerState(rated.answer), busy: false });
  }

  async #copyDecision(turnId: string): Promise<void> {
    const turn = this.#deps.display.conversation.turns.find(({ id }) => id === turnId);
    if (turn === undefined) return;
    const { decision, summary, decidedInMs } = turn.answer;
    await vscode.env.clipboard.writeText(JSON.stringify({ decision, decidedInMs, summary }, null, 2));
  }
}
