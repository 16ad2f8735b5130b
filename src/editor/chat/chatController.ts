import * as vscode from "vscode";
import type { Chat } from "../../assistant/chat.ts";
import type { Conversation, Prompt, Thumb } from "../../contract/conversation.ts";
import type { FromView } from "../../contract/view/protocol.ts";
import type { ProviderRegistry } from "../../providers/registry/providerRegistry.ts";
import type { BudgetWarning, SpendWatch } from "../budget/spendWatch.ts";
import { codeContext, insertAtCursor, openLink } from "./activeEditor.ts";
import { Attachments } from "./attachments.ts";
import type { ChatView } from "./chatView.ts";
import { answerState, ConversationDisplay } from "./conversationDisplay.ts";
import { PromptSender, type PromptSenderDeps } from "./promptSender.ts";
import { RunningAnswers, type RunningAnswersDeps } from "./runningAnswers.ts";
import type { WindowState } from "./windowState.ts";

export type ChatControllerDeps = Pick<PromptSenderDeps, "changeBudget"> &
  Pick<RunningAnswersDeps, "onBusy" | "onAnswered"> & {
    readonly chat: Chat;
    readonly view: Pick<ChatView, "isReady" | "post" | "reveal">;
    readonly providers: () => Promise<Pick<ProviderRegistry, "onlySimulated" | "all">>;
    readonly spend: Pick<SpendWatch, "view" | "refresh">;
    readonly warning: BudgetWarning;
    readonly state: WindowState;
    readonly privatePaths: () => readonly string[];
    readonly now: () => number;
  };

/** Carries out what the user does in the chat view, and keeps the view up to date. */
export class ChatController {
  readonly #deps: ChatControllerDeps;
  readonly #running: RunningAnswers;
  readonly #attachments: Attachments;
  readonly #display: ConversationDisplay;
  readonly #sender: PromptSender;
  /** The text in the input, as far as the view has sent it. */
  #draft = "";
  #forecasts = 0;

  constructor(deps: ChatControllerDeps) {
    const { chat, view, now, spend, state, changeBudget, onBusy, onAnswered } = deps;
    const post = view.post.bind(view);
    this.#deps = deps;
    this.#attachments = new Attachments(post, state);
    this.#running = new RunningAnswers({
      chat,
      post,
      isShown: (conversationId) => view.isReady && this.#display.shows(conversationId),
      onChange: (conversation) => this.#display.update(conversation),
      onBusy,
      onAnswered,
      onError: (conversation, unsent) => this.#recover(conversation, unsent),
    });
    this.#display = new ConversationDisplay({
      chat,
      post,
      now,
      running: (conversationId) => this.#running.snapshot(conversationId),
      state,
    });
    this.#sender = new PromptSender({
      chat,
      running: this.#running,
      display: this.#display,
      attachments: this.#attachments,
      post,
      onChange: (id, change) => this.#change(id, change),
      onEnd: () => spend.refresh(),
      changeBudget,
    });
  }

  /** Posts everything to a view that has just loaded. */
  async postAll(): Promise<void> {
    await this.postProviders();
    this.postBudget();
    this.#deps.view.post({ type: "restore", state: this.#deps.state.view });
    await this.#display.postAll();
    this.#attachments.post();
  }

  async handle(message: Exclude<FromView, { type: "ready" }>): Promise<void> {
    const { chat, view, warning } = this.#deps;
    switch (message.type) {
      case "send":
        this.#draft = "";
        return this.#sender.sendInput(message.conversationId, message.text);
      case "stop":
        return this.#running.stop(this.#display.conversation.id);
      case "new":
        this.startNew();
        return this.#forecast(this.#draft);
      case "list":
        return this.#display.list(message.query);
      case "open":
        await this.#open(message.id);
        return this.#forecast(this.#draft);
      case "delete":
        return this.#delete(message.id);
      case "undelete":
        await chat.restore(message.id);
        return this.#display.relist();
      case "rename":
        return this.#rename(message.id, message.title);
      case "draft":
        this.#draft = message.text;
        return this.#forecast(message.text);
      case "save":
        this.#deps.state.view = message.state;
        return;
      case "detach":
        return this.#attachments.remove(message.index);
      case "dropCommand":
        return this.#attachments.removeCommand();
      case "attachSelection":
        return this.attach();
      case "thumb":
        return this.#rate(message.turnId, message.thumb);
      case "copy":
        return vscode.env.clipboard.writeText(message.text);
      case "insert":
        return insertAtCursor(message.text);
      case "openLink":
        return openLink(message.href);
      case "copyDecision":
        return this.#copyDecision(message.turnId);
      case "retry":
        return this.#sender.retry(message.turnId, {});
      case "continue":
        return this.#sender.continue(message.turnId);
      case "budgetChoice":
        return this.#sender.chooseForBudget(message.turnId, message.choice);
      case "leaveOut":
        await this.#sender.leaveOut(message.turnId);
        return this.#forecast(this.#draft);
      case "moveToNew":
        return this.#sender.moveToNew(message.turnId);
      case "replaceKey":
        return vscode.commands.executeCommand("switchyard.addProviderKey", message.provider);
      case "resetBreaker":
        return vscode.commands.executeCommand("switchyard.resetBreaker", message.ref);
      case "dismissWarning":
        await warning.dismiss();
        return view.post({ type: "budgetWarning", percent: null });
      case "command":
        return vscode.commands.executeCommand(COMMANDS[message.command]);
    }
  }

  /** Shows the first screen of a new conversation. */
  startNew(): void {
    this.#display.showNew();
    this.#deps.view.post({ type: "focus" });
  }

  /** Shows the list of conversations. */
  async showList(): Promise<void> {
    await this.#display.list("");
  }

  /** Reveals the view and sends a prompt there: in the conversation that is shown, or in a new one if that is busy. */
  async send(prompt: Prompt): Promise<void> {
    await this.#deps.view.reveal();
    const { conversation } = this.#display;
    if (this.#running.isRunning(conversation.id)) this.#display.showNew();
    else this.#display.show(conversation);
    await this.#sender.send(prompt, {});
  }

  /** Attaches the code of the active editor to the next prompt and focuses the input. */
  attach(command?: string): void {
    const context = codeContext(this.#deps.privatePaths());
    if (context !== undefined) this.#attachments.add(context, command);
    this.#deps.view.post({ type: "focus" });
  }

  /** Posts today's spend, and the warning if a threshold is passed. */
  postBudget(): void {
    const { spend, view, warning } = this.#deps;
    view.post({ type: "budget", budget: spend.view });
    view.post({ type: "budgetWarning", percent: warning.percentFor(spend.view) });
  }

  /** Posts the names of the providers, and whether any but the simulator can answer. */
  async postProviders(): Promise<void> {
    const { view } = this.#deps;
    const providers = await this.#deps.providers();
    const simulated = await providers.onlySimulated();
    view.post({ type: "readiness", readiness: { kind: simulated ? "simulator" : "ready" } });
    const names = [...(await providers.all())].map(([id, { name }]) => [id, name] as const);
    view.post({ type: "providers", names: Object.fromEntries(names) });
  }

  /** Ends every running answer because the editor closes. Resolves when they are saved. */
  close(): Promise<void> {
    return this.#running.interruptAll();
  }

  /** After an error ended an answer: shows the conversation at rest, and returns an unsent prompt to the input. */
  #recover(conversation: Conversation, unsent: Prompt | undefined): void {
    this.#display.update(conversation);
    if (this.#display.shows(conversation.id)) this.#display.show(conversation);
    if (unsent !== undefined && conversation.id === this.#display.conversation.id)
      this.#sender.returnToInput(unsent);
  }

  async #forecast(draft: string): Promise<void> {
    const number = ++this.#forecasts;
    const { chat, view } = this.#deps;
    if (draft.trim() === "") return view.post({ type: "forecast", forecast: null, draft });
    const prompt = this.#attachments.promptOf(draft.trim());
    const { conversation } = this.#display;
    const decision = await chat.forecast(conversation, prompt);
    const earlierTokens = chat.earlierTokens(conversation);
    if (number === this.#forecasts)
      view.post({ type: "forecast", forecast: { decision, earlierTokens }, draft });
  }

  async #rate(turnId: string, thumb: Thumb | null): Promise<void> {
    const { id, turns } = await this.#deps.chat.rate(this.#display.conversation, turnId, thumb);
    const rated = turns.find((turn) => turn.id === turnId);
    if (rated === undefined) return;
    this.#change(id, (conversation) => ({
      ...conversation,
      turns: conversation.turns.map((turn) => (turn.id === turnId ? rated : turn)),
    }));
    this.#deps.view.post({ type: "answer", turnId, answer: answerState(rated.answer), busy: false });
  }

  async #rename(id: string, title: string): Promise<void> {
    const renamed = await this.#deps.chat.rename(id, title);
    if (renamed !== undefined)
      this.#change(id, (conversation) => ({ ...conversation, title: renamed.title }));
    await this.#display.relist();
  }

  /** Changes every copy of a conversation in memory. */
  #change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    this.#display.change(conversationId, change);
    this.#running.change(conversationId, change);
  }

  async #copyDecision(turnId: string): Promise<void> {
    const turn = this.#display.conversation.turns.find(({ id }) => id === turnId);
    if (turn === undefined) return;
    const { decision, summary, decidedInMs } = turn.answer;
    await vscode.env.clipboard.writeText(JSON.stringify({ decision, decidedInMs, summary }, null, 2));
  }

  async #open(id: string): Promise<void> {
    const found = this.#running.snapshot(id)?.conversation ?? (await this.#deps.chat.open(id));
    if (found === undefined) await this.#display.relist();
    else this.#display.show(found);
  }

  async #delete(id: string): Promise<void> {
    const rows = await this.#deps.chat.list("");
    const title = rows.find((row) => row.id === id)?.title ?? "";
    this.#running.stop(id);
    await this.#deps.chat.remove(id);
    this.#display.forget(id);
    await this.#display.relist();
    this.#deps.view.post({ type: "deleted", id, title });
  }
}

const COMMANDS = {
  addKey: "switchyard.addProviderKey",
  changeBudget: "switchyard.changeDailyBudget",
  openSettings: "switchyard.openSettings",
  editRoutes: "switchyard.editRoutes",
  findLocalModels: "switchyard.findLocalModels",
} as const;
