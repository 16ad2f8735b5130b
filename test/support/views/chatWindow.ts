import type * as vscode from "vscode";
import type { BudgetScope } from "../../../src/contract/budget.ts";
import type { ContextItem } from "../../../src/contract/context.ts";
import type { ToView } from "../../../src/contract/view/protocol.ts";
import type { BudgetWarning } from "../../../src/editor/budget/spendWatch.ts";
import { ChatController } from "../../../src/editor/chat/chatController.ts";
import { PromptCommands } from "../../../src/editor/chat/commands/promptCommands.ts";
import { WindowState } from "../../../src/editor/chat/windowState.ts";
import { summary } from "../answers.ts";
import { Memento } from "./fakeVscode.ts";
import { loneWindow } from "./loneWindow.ts";
import { type AnswerScript, ScriptedChat } from "./scriptedChat.ts";

export const complete: AnswerScript = async () => ({ text: "whole", fallbacks: [], summary: summary() });

/** For tests: a window with the chat, which answers as the test scripts it. Mock `vscode` with fakeVscode.ts. */
export class ChatWindow {
  readonly chat: ScriptedChat = new ScriptedChat();
  readonly busy: boolean[] = [];
  /** The budgets that the user was asked to raise. */
  readonly raised: BudgetScope[] = [];
  readonly storage: Memento = new Memento();
  /** What is selected in the editor. */
  selected: ContextItem | undefined;
  posted: ToView[] = [];
  controller: ChatController;

  constructor() {
    this.controller = this.#open();
  }

  /** Starts again with a view that is empty, as after a reload. */
  reload(): void {
    this.posted = [];
    this.controller = this.#open();
  }

  send(text: string, conversationId: string | null = null): Promise<unknown> {
    return this.controller.handle({ type: "send", conversationId, text });
  }

  lastPosted<T extends ToView["type"]>(type: T): Extract<ToView, { type: T }> | undefined {
    return this.posted.findLast((message): message is Extract<ToView, { type: T }> => message.type === type);
  }

  /** Starts an answer that pauses after its first word until `finish` is called. Resolves when it pauses. */
  async startAnswer(text: string, rest: AnswerScript = complete, conversationId: string | null = null) {
    const { paused, finish } = this.pauseNext(rest);
    const ended = this.send(text, conversationId);
    await paused;
    return { finish, ended };
  }

  /** Lets the next answer pause after its first word until `finish` is called, or it is stopped. */
  pauseNext(rest: AnswerScript = complete) {
    const paused = Promise.withResolvers<void>();
    const resumed = Promise.withResolvers<void>();
    this.chat.scripts.push(async (sink, signal) => {
      sink.push({ type: "text", text: "half" });
      paused.resolve();
      signal.addEventListener("abort", () => resumed.resolve());
      await resumed.promise;
      return signal.aborted
        ? { text: "half", fallbacks: [], summary: summary({ ending: { kind: "stopped" } }) }
        : rest(sink, signal);
    });
    return { paused: paused.promise, finish: () => resumed.resolve() };
  }

  #open(): ChatController {
    const { storage } = this;
    return new ChatController({
      chat: this.chat.asChat(),
      history: async () => loneWindow(),
      view: {
        isReady: true,
        post: (message) => this.posted.push(message),
        reveal: async () => {},
        setBadge: () => {},
      },
      onError: (error) => {
        throw error;
      },
      providers: async () => ({ onlySimulated: async () => false, all: async () => new Map() }),
      spend: {
        view: { spentNanoUsd: 0, unknown: false },
        conversation: async ({ id }) => ({
          conversationId: id,
          spentNanoUsd: 0,
          replaced: { inputTokens: 0, cachedTokens: 0, outputTokens: 0 },
          budgetNanoUsd: null,
        }),
        refresh: async () => {},
      },
      warning: { percentFor: () => null } as unknown as BudgetWarning,
      code: { handle: async () => {} },
      privatePaths: () => [],
      dial: () => "balanced",
      commands: new PromptCommands({
        settings: () => ({ mine: { text: "Say what {selection} does.", edit: false } }),
        workspace: { get: async () => [] },
        sources: {
          gather: async () =>
            this.selected === undefined
              ? { kind: "none", reason: "Nothing is selected." }
              : { kind: "items", items: [this.selected] },
          language: () => undefined,
          noLanguage: () => "",
        },
      }),
      terminal: { gather: () => ({ kind: "none", reason: "No terminal is open." }) },
      now: () => 0,
      onBusy: (is) => this.busy.push(is),
      onAnswered: () => {},
      changeBudget: async (limit) => {
        this.raised.push(limit);
        return true;
      },
      state: new WindowState(storage as unknown as vscode.Memento, (error) => {
        throw error;
      }),
    });
  }
}
