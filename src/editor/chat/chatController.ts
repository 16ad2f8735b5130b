import * as vscode from "vscode";
import type { Chat } from "../../assistant/chat.ts";
import type { Conversation, Prompt, Thumb } from "../../contract/conversation.ts";
import type { FromView, ToView } from "../../contract/view/protocol.ts";
import type { Connections } from "../../providers/connections.ts";
import type { BudgetWarning } from "../budget/budgetWarning.ts";
import type { SpendWatch } from "../budget/spendWatch.ts";
import { codeContext, insertAtCursor, openLink } from "./activeEditor.ts";
import { Attachments } from "./attachments.ts";
import type { ChatHost } from "./chatView.ts";
import { Shown } from "./conversationDisplay.ts";
import { Asking, type AskingDeps } from "./promptSender.ts";
import { RunningAnswers } from "./runningAnswers.ts";
import { answerState } from "./turnView.ts";

export type ChatHostDeps = Pick<AskingDeps, "changeBudget"> & {
  readonly chat: Chat;
  readonly connections: Pick<Connections, "onlySimulated" | "all">;
  readonly spend: Pick<SpendWatch, "view" | "refresh">;
  readonly warning: BudgetWarning;
  readonly privatePaths: () => readonly string[];
  readonly now: () => number;
  readonly post: (message: ToView) => void;
  readonly showView: () => Promise<void>;
  readonly onBusy: (busy: boolean) => void;
  readonly onAnswered: (model: string) => void;
};

/** What happens when something is done in the chat view. */
export class ConversationHost implements ChatHost {
  readonly #deps: ChatHostDeps;
  readonly #running: RunningAnswers;
  readonly #attachments: Attachments;
  readonly #shown: Shown;
  readonly #asking: Asking;
  #drafts = 0;

  constructor(deps: ChatHostDeps) {
    const { chat, post, now, spend, changeBudget } = deps;
    this.#deps = deps;
    this.#attachments = new Attachments(post);
    this.#running = new RunningAnswers(chat, {
      changed: (conversation) => this.#shown.update(conversation),
      post: (conversationId, message) => {
        if (this.#shown.shows(conversationId)) post(message);
      },
      busy: deps.onBusy,
      answered: deps.onAnswered,
      broke: (conversation, unsent) => this.#broke(conversation, unsent),
    });
    this.#shown = new Shown({ chat, post, now, busyTurnId: (id) => this.#running.turnId(id) });
    this.#asking = new Asking({
      chat,
      running: this.#running,
      shown: this.#shown,
      attachments: this.#attachments,
      post,
      ended: () => spend.refresh(),
      changeBudget,
      goOn: () => vscode.l10n.t("Go on where you stopped."),
    });
  }

  async ready(): Promise<void> {
    await this.tellProviders();
    this.tellBudget();
    await this.#shown.tell();
    this.#attachments.tell();
  }

  async handle(message: Exclude<FromView, { type: "ready" }>): Promise<void> {
    const { chat, post, warning } = this.#deps;
    switch (message.type) {
      case "send":
        return this.#asking.send(message.conversationId, message.text);
      case "stop":
        return this.#running.stop(this.#shown.conversation.id);
      case "new":
        return this.startNew();
      case "list":
        return this.#shown.list(message.query);
      case "open":
        return this.#open(message.id);
      case "delete":
        return this.#delete(message.id);
      case "undelete":
        await chat.restore(message.id);
        return this.#shown.relist();
      case "rename":
        return this.#rename(message.id, message.title);
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
        return this.#asking.again(message.turnId, {});
      case "continue":
        return this.#asking.goOn(message.turnId);
      case "budgetChoice":
        return this.#asking.budgetChoice(message.turnId, message.choice);
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
    this.#shown.showNew();
    this.#deps.post({ type: "focus" });
  }

  /** The list of conversations. */
  async showList(): Promise<void> {
    await this.#shown.list("");
  }

  /** Asks about code: shown, and answered, in the conversation that is open. */
  async askAbout(prompt: Prompt): Promise<void> {
    await this.#deps.showView();
    const { conversation } = this.#shown;
    if (this.#running.runs(conversation.id)) this.#shown.showNew();
    else this.#shown.show(conversation);
    await this.#asking.ask(prompt, {});
  }

  /** Puts the code of the active editor beside the input; it goes along with the next prompt. */
  attach(command?: string): void {
    const context = codeContext(this.#deps.privatePaths());
    if (context !== undefined) this.#attachments.add(context, command);
    this.#deps.post({ type: "focus" });
  }

  /** What is spent of the day's budget, and the strip that warns of it. */
  tellBudget(): void {
    const { spend, post, warning } = this.#deps;
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

  /** An answer broke off by an error of ours: nothing is being written any more, and no prompt is lost. */
  #broke(conversation: Conversation, unsent: Prompt | undefined): void {
    this.#shown.update(conversation);
    if (this.#shown.shows(conversation.id)) this.#shown.show(conversation);
    if (unsent !== undefined && conversation.id === this.#shown.conversation.id)
      this.#asking.giveBack(unsent);
  }

  async #forecast(draft: string): Promise<void> {
    const ticket = ++this.#drafts;
    const { chat, post } = this.#deps;
    if (draft.trim() === "") return post({ type: "forecast", forecast: null, draft });
    const prompt = this.#attachments.promptOf(draft.trim());
    const decision = await chat.forecast(this.#shown.conversation, prompt);
    if (ticket === this.#drafts) post({ type: "forecast", forecast: { decision }, draft });
  }

  async #rate(turnId: string, thumb: Thumb | null): Promise<void> {
    const { id, turns } = await this.#deps.chat.rate(this.#shown.conversation, turnId, thumb);
    const rated = turns.find((turn) => turn.id === turnId);
    if (rated === undefined) return;
    this.#change(id, (conversation) => ({
      ...conversation,
      turns: conversation.turns.map((turn) => (turn.id === turnId ? rated : turn)),
    }));
    this.#deps.post({ type: "answer", turnId, answer: answerState(rated.answer), busy: false });
  }

  async #rename(id: string, title: string): Promise<void> {
    const renamed = await this.#deps.chat.rename(id, title);
    if (renamed !== undefined)
      this.#change(id, (conversation) => ({ ...conversation, title: renamed.title }));
    await this.#shown.relist();
  }

  /** Changes every copy of a conversation: the one that is shown, and the one that is being written into. */
  #change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    this.#shown.change(conversationId, change);
    this.#running.change(conversationId, change);
  }

  async #copyDecision(turnId: string): Promise<void> {
    const turn = this.#shown.conversation.turns.find(({ id }) => id === turnId);
    if (turn === undefined) return;
    const { decision, summary, decidedInMs } = turn.answer;
    await vscode.env.clipboard.writeText(JSON.stringify({ decision, decidedInMs, summary }, null, 2));
  }

  async #open(id: string): Promise<void> {
    const found = this.#running.conversation(id) ?? (await this.#deps.chat.open(id));
    if (found === undefined) await this.#shown.relist();
    else this.#shown.show(found);
  }

  async #delete(id: string): Promise<void> {
    const rows = await this.#deps.chat.list("");
    const title = rows.find((row) => row.id === id)?.title ?? "";
    this.#running.stop(id);
    await this.#deps.chat.remove(id);
    this.#shown.forget(id);
    await this.#shown.relist();
    this.#deps.post({ type: "deleted", id, title });
  }
}

const COMMANDS = {
  addKey: "switchyard.addProviderKey",
  changeBudget: "switchyard.changeDailyBudget",
  openSettings: "switchyard.openSettings",
  editRoutes: "switchyard.editRoutes",
  findLocalModels: "switchyard.findLocalModels",
} as const;
