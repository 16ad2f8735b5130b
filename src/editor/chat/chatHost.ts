import * as vscode from "vscode";
import type { Chat } from "../../assistant/chat.ts";
import type { Conversation, Prompt, Thumb } from "../../contract/conversation.ts";
import type { FromView, ToView } from "../../contract/view/protocol.ts";
import type { Connections } from "../../providers/connections.ts";
import type { SpendWatch } from "../spendWatch.ts";
import { Attachments } from "./attachments.ts";
import type { BudgetWarning } from "./budgetWarning.ts";
import type { ChatHost } from "./chatView.ts";
import { codeContext, insertAtCursor, openLink } from "./editorActions.ts";
import { type Asked, RunningAnswers } from "./runningAnswers.ts";
import { answerState, conversationView } from "./turnView.ts";

export type ChatHostDeps = {
  readonly chat: Chat;
  readonly connections: Connections;
  readonly spend: SpendWatch;
  readonly warning: BudgetWarning;
  readonly privatePaths: () => readonly string[];
  readonly now: () => number;
  readonly post: (message: ToView) => void;
  readonly showView: () => Promise<void>;
  readonly onBusy: (busy: boolean) => void;
  readonly onAnswered: (model: string) => void;
};

/** What is shown: a conversation (a new one has no turns yet), or the list of all. */
type Shown = { readonly kind: "conversation" } | { readonly kind: "list"; readonly query: string };

/** The chat view's state, and what happens when something is done in it. */
export class ConversationHost implements ChatHost {
  readonly #deps: ChatHostDeps;
  readonly #running: RunningAnswers;
  readonly #attachments: Attachments;
  #conversation: Conversation;
  #shown: Shown = { kind: "conversation" };

  #drafts = 0;

  constructor(deps: ChatHostDeps) {
    this.#deps = deps;
    this.#conversation = deps.chat.start();
    this.#attachments = new Attachments(deps.post);
    this.#running = new RunningAnswers(deps.chat, {
      changed: (conversation) => this.#update(conversation),
      post: (conversationId, message) => {
        if (this.#shows(conversationId)) deps.post(message);
      },
      busy: deps.onBusy,
      answered: deps.onAnswered,
    });
  }

  async ready(): Promise<void> {
    await this.tellProviders();
    this.tellBudget();
    if (this.#shown.kind === "list") await this.#list(this.#shown.query);
    else this.#show(this.#conversation);
    this.#attachments.tell();
  }

  async handle(message: Exclude<FromView, { type: "ready" }>): Promise<void> {
    const { chat, post, warning } = this.#deps;
    switch (message.type) {
      case "send":
        return this.#send(message.text);
      case "stop":
        return this.#running.stop(this.#conversation.id);
      case "new":
        return this.startNew();
      case "list":
        return this.#list(message.query);
      case "open":
        return this.#open(message.id);
      case "delete":
        return this.#delete(message.id);
      case "undelete":
        await chat.restore(message.id);
        return this.#relist();
      case "rename":
        await chat.rename(message.id, message.title);
        if (message.id === this.#conversation.id)
          this.#conversation = { ...this.#conversation, title: message.title };
        return this.#relist();
      case "draft":
        return this.#forecast(message.text);
      case "detach":
        return this.#attachments.remove(message.index);
      case "dropCommand":
        return this.#attachments.dropCommand();
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
        return this.#again(message.turnId, {});
      case "continue":
        return this.#ask({ text: vscode.l10n.t("Go on where you stopped."), context: [] }, {});
      case "budgetChoice":
        return this.#budgetChoice(message.turnId, message.choice);
      case "replaceKey":
        return vscode.commands.executeCommand("switchyard.addProviderKey", message.provider);
      case "resetBreaker":
        return vscode.commands.executeCommand("switchyard.resetBreaker", message.ref);
      case "dismissWarning":
        await warning.dismiss();
        return post({ type: "budgetWarning", percent: null });
      case "command":
        return vscode.commands.executeCommand(COMMANDS[message.command]);
    }
  }

  /** The first screen of a new conversation. */
  startNew(): void {
    this.#conversation = this.#deps.chat.start();
    this.#show(this.#conversation);
    this.#deps.post({ type: "focus" });
  }

  /** The list of conversations. */
  async showList(): Promise<void> {
    await this.#list("");
  }

  /** Asks about code: shown, and answered, in the conversation that is open. */
  async askAbout(prompt: Prompt): Promise<void> {
    await this.#deps.showView();
    if (this.#running.runs(this.#conversation.id)) this.#conversation = this.#deps.chat.start();
    this.#show(this.#conversation);
    await this.#ask(prompt, {});
  }

  /** Puts the code of the active editor beside the input; it goes along with the next prompt. */
  attach(command?: string): void {
    const context = codeContext(this.#deps.privatePaths());
    if (context !== undefined) this.#attachments.add(context, command);
    this.#deps.post({ type: "focus" });
  }

  tellBudget(): void {
    const { post, spend, warning } = this.#deps;
    post({ type: "budget", budget: spend.view });
    post({ type: "budgetWarning", percent: warning.percentFor(spend.view) });
  }

  /** Who can answer, and what people call them. */
  async tellProviders(): Promise<void> {
    const { connections, post } = this.#deps;
    const simulated = await connections.onlySimulated();
    post({ type: "readiness", readiness: { kind: simulated ? "simulator" : "ready" } });
    const names = [...(await connections.all())].map(([id, { name }]) => [id, name] as const);
    post({ type: "providers", names: Object.fromEntries(names) });
  }

  /** Ends every answer that is being written. */
  dispose(): void {
    this.#running.stopAll();
  }

  async #send(text: string): Promise<void> {
    if (text.trim() === "" || this.#running.runs(this.#conversation.id)) return;
    await this.#ask(this.#attachments.take(text.trim()), {});
  }

  async #ask(prompt: Prompt, options: Asked["options"]): Promise<void> {
    await this.#running.ask({ conversation: this.#conversation, prompt, options });
    await this.#deps.spend.refresh();
  }

  async #again(turnId: string, options: Asked["options"]): Promise<void> {
    const last = this.#conversation.turns.at(-1);
    if (last?.id !== turnId || this.#running.runs(this.#conversation.id)) return;
    await this.#ask(last.prompt, { ...options, replaces: turnId });
  }

  async #budgetChoice(
    turnId: string,
    choice: Extract<FromView, { type: "budgetChoice" }>["choice"],
  ): Promise<void> {
    const last = this.#conversation.turns.at(-1);
    if (last?.id !== turnId) return;
    switch (choice) {
      case "cheapest":
      case "free":
        return this.#again(turnId, { budgetChoice: choice });
      case "raise": {
        const before = this.#deps.spend.view.budgetNanoUsd;
        await vscode.commands.executeCommand("switchyard.changeDailyBudget");
        if (this.#deps.spend.view.budgetNanoUsd !== before) await this.#again(turnId, {});
        return;
      }
      case "discard":
        this.#show(await this.#deps.chat.dropLast(this.#conversation));
        this.#attachments.putBack(last.prompt);
        return this.#deps.post({ type: "input", text: last.prompt.text });
    }
  }

  async #forecast(draft: string): Promise<void> {
    const ticket = ++this.#drafts;
    const { chat, post } = this.#deps;
    if (draft.trim() === "") return post({ type: "forecast", forecast: null, draft });
    const decision = await chat.forecast(this.#conversation, this.#attachments.promptOf(draft.trim()));
    if (ticket === this.#drafts) post({ type: "forecast", forecast: { decision }, draft });
  }

  async #rate(turnId: string, thumb: Thumb | null): Promise<void> {
    const rated = await this.#deps.chat.rate(this.#conversation, turnId, thumb);
    this.#update(rated);
    const answer = rated.turns.find(({ id }) => id === turnId)?.answer;
    if (answer !== undefined)
      this.#deps.post({ type: "answer", turnId, answer: answerState(answer), busy: false });
  }

  async #copyDecision(turnId: string): Promise<void> {
    const turn = this.#conversation.turns.find(({ id }) => id === turnId);
    if (turn === undefined) return;
    const { decision, summary, decidedInMs } = turn.answer;
    await vscode.env.clipboard.writeText(JSON.stringify({ decision, decidedInMs, summary }, null, 2));
  }

  async #open(id: string): Promise<void> {
    const running = this.#running.conversation(id);
    const found = running ?? (await this.#deps.chat.open(id));
    if (found === undefined) return this.#relist();
    this.#show(found);
  }

  async #delete(id: string): Promise<void> {
    const rows = await this.#deps.chat.list("");
    const title = rows.find((row) => row.id === id)?.title ?? "";
    this.#running.stop(id);
    await this.#deps.chat.remove(id);
    if (id === this.#conversation.id) this.#conversation = this.#deps.chat.start();
    await this.#relist();
    this.#deps.post({ type: "deleted", id, title });
  }

  async #list(query: string): Promise<void> {
    this.#shown = { kind: "list", query };
    const rows = await this.#deps.chat.list(query);
    this.#deps.post({ type: "conversations", rows, query, nowMs: this.#deps.now() });
  }

  async #relist(): Promise<void> {
    if (this.#shown.kind === "list") await this.#list(this.#shown.query);
  }

  #show(conversation: Conversation): void {
    this.#conversation = conversation;
    this.#shown = { kind: "conversation" };
    this.#deps.post({
      type: "conversation",
      conversation: conversation.turns.length === 0 ? null : conversationView(conversation),
      busyTurnId: this.#running.turnId(conversation.id) ?? null,
    });
  }

  #shows(conversationId: string): boolean {
    return this.#shown.kind === "conversation" && this.#conversation.id === conversationId;
  }

  #update(conversation: Conversation): void {
    if (conversation.id === this.#conversation.id) this.#conversation = conversation;
  }
}

const COMMANDS = {
  addKey: "switchyard.addProviderKey",
  changeBudget: "switchyard.changeDailyBudget",
  openSettings: "switchyard.openSettings",
  editRoutes: "switchyard.editRoutes",
  findLocalModels: "switchyard.findLocalModels",
} as const;
