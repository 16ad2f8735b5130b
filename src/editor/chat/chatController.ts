import type { Chat } from "../../assistant/chat.ts";
import type { ContextItem } from "../../contract/context.ts";
import type { Conversation, Prompt } from "../../contract/conversation.ts";
import type { History } from "../../contract/history.ts";
import type { FromView } from "../../contract/view/protocol.ts";
import type { SpendWatch } from "../budget/spendWatch.ts";
import type { CodeRequests } from "../code/codeRequests.ts";
import { Attachments } from "./attachments.ts";
import { BlockedPrompts, type BlockedPromptsDeps } from "./blockedPrompts.ts";
import type { ChatView } from "./chatView.ts";
import type { PromptCommands } from "./commands/promptCommands.ts";
import { ConversationDisplay } from "./conversationDisplay.ts";
import { OutgoingGuard } from "./outgoing/outgoingGuard.ts";
import { PromptSender } from "./promptSender.ts";
import { PromptQueue } from "./queue/promptQueue.ts";
import { ContextRequests, type ContextRequestsDeps } from "./requests/contextRequests.ts";
import { ConversationRequests } from "./requests/conversationRequests.ts";
import { handleRequest, type RequestHandlers } from "./requests/handleRequest.ts";
import { InputRequests } from "./requests/inputRequests.ts";
import { type ChangeConversation, ListRequests } from "./requests/listRequests.ts";
import { ModelRequests, type ModelRequestsDeps } from "./requests/modelRequests.ts";
import { StatusRequests, type StatusRequestsDeps } from "./requests/statusRequests.ts";
import { RunningAnswers, type RunningAnswersDeps } from "./runningAnswers.ts";
import type { WindowState } from "./windowState.ts";
import { OtherWindows } from "./windows/otherWindows.ts";
import { StopRequests } from "./windows/stopRequests.ts";
import { UnreadAnswers } from "./windows/unreadAnswers.ts";

export type ChatControllerDeps = Pick<BlockedPromptsDeps, "changeBudget"> &
  Pick<RunningAnswersDeps, "onBusy" | "onAnswered"> & {
    readonly chat: Chat;
    readonly history: () => Promise<History>;
    readonly view: Pick<ChatView, "isReady" | "post" | "reveal" | "setBadge">;
    readonly providers: StatusRequestsDeps["providers"];
    readonly spend: StatusRequestsDeps["spend"] & Pick<SpendWatch, "refresh">;
    readonly warning: StatusRequestsDeps["warning"];
    readonly code: Pick<CodeRequests, "handle">;
    readonly state: WindowState;
    readonly privatePaths: () => readonly string[];
    readonly dial: ModelRequestsDeps["dial"];
    readonly commands: Pick<PromptCommands, "list" | "fill">;
    readonly terminal: ContextRequestsDeps["terminal"];
    readonly now: () => number;
    readonly onError: (error: unknown) => void;
  };

/** Carries out what the user does in the chat view, and keeps the view up to date. */
export class ChatController {
  readonly #deps: ChatControllerDeps;
  readonly #running: RunningAnswers;
  readonly #attachments: Attachments;
  readonly #display: ConversationDisplay;
  readonly #queue: PromptQueue;
  readonly #outgoing: OutgoingGuard;
  readonly #sender: PromptSender;
  readonly #otherWindows: OtherWindows;
  readonly #unread: UnreadAnswers;
  readonly #requests: RequestHandlers;

  constructor(deps: ChatControllerDeps) {
    const {
      chat,
      history,
      view,
      now,
      spend,
      state,
      privatePaths,
      commands,
      terminal,
      changeBudget,
      onAnswered,
      onError,
    } = deps;
    const post = view.post.bind(view);
    const onChange: ChangeConversation = (id, change) => this.#change(id, change);
    const forecast = () => this.#requests.input.forecast();
    this.#deps = deps;
    this.#attachments = new Attachments(post, state);
    this.#unread = new UnreadAnswers({ history, state, setBadge: (count) => view.setBadge(count) });
    const stopRequests = new StopRequests({ history, stop: (id) => this.#running.stop(id), onError });
    this.#running = new RunningAnswers({
      chat,
      post,
      isShown: (conversationId) => view.isReady && this.#display.shows(conversationId),
      onChange: (conversation) => this.#display.update(conversation),
      onBusy: (busy) => {
        deps.onBusy(busy);
        void stopRequests.setBusy(busy).catch(onError);
      },
      onAnswered,
      onUnseen: (id) => void this.#unread.add(id).catch(onError),
      onError: (conversation, unsent) => this.#recover(conversation, unsent),
    });
    this.#queue = new PromptQueue({
      state,
      post,
      isShown: (conversationId) => this.#display.shows(conversationId),
    });
    this.#display = new ConversationDisplay({
      chat,
      post,
      now,
      shared: history,
      isRunning: (conversationId) => this.#running.isRunning(conversationId),
      running: (conversationId) => this.#running.snapshot(conversationId),
      state,
      onShown: (id) => {
        this.#requests.status.postConversationBudget();
        if (view.isReady) void this.#unread.remove(id).catch(onError);
      },
      postInput: (id) => {
        this.#queue.post(id);
        this.#outgoing.post();
      },
    });
    this.#otherWindows = new OtherWindows({
      history,
      sync: () => this.#catchUp(() => this.#display.sync()),
      isWaiting: () => this.#display.elsewhere !== undefined,
      onError,
    });
    this.#outgoing = new OutgoingGuard({ chat, display: this.#display, post, onChange });
    this.#sender = new PromptSender({
      chat,
      outgoing: this.#outgoing,
      running: this.#running,
      display: this.#display,
      attachments: this.#attachments,
      queue: this.#queue,
      commands,
      post,
      onEnd: async () => {
        await spend.refresh();
        await this.#requests.input.refresh();
      },
    });
    const blocked = new BlockedPrompts({
      chat,
      display: this.#display,
      sender: this.#sender,
      onChange,
      changeBudget,
    });
    const parts = { chat, display: this.#display, running: this.#running, post, onChange, forecast };
    const conversation = new ConversationRequests({
      ...parts,
      history,
      sender: this.#sender,
      blocked,
      queue: this.#queue,
    });
    const list = new ListRequests({
      ...parts,
      queue: this.#queue,
      onDeleted: async (id) => {
        await this.#unread.remove(id);
        await (await history()).requestStop(id);
      },
    });
    const status = new StatusRequests({ ...deps, display: this.#display });
    const input = new InputRequests({
      chat,
      display: this.#display,
      attachments: this.#attachments,
      commands,
      state,
      post,
      isViewReady: () => view.isReady,
    });
    const context = new ContextRequests({
      attachments: this.#attachments,
      display: this.#display,
      terminal,
      privatePaths,
      post,
      forecast,
    });
    const models = new ModelRequests({ ...parts, attachments: this.#attachments, state, dial: deps.dial });
    this.#requests = { conversation, list, input, models, context, status, code: deps.code };
  }

  /** Posts everything to a view that has just loaded. */
  async postAll(): Promise<void> {
    await this.postProviders();
    this.postBudget();
    this.#deps.view.post({ type: "restore", state: this.#deps.state.view });
    // Before the conversation is read, so that no change between the two is missed.
    await this.#otherWindows.watch();
    await this.#catchUp(() => this.#display.postAll());
    this.#attachments.post();
    await this.#requests.input.postCommands();
  }

  /** Shows on the view's icon again what the user had not seen when the window was reloaded. */
  restoreBadge(): Promise<void> {
    return this.#unread.restore();
  }

  /** The view is hidden: nothing is read for it until it is shown again. */
  pause(): void {
    this.#otherWindows.pause();
  }

  handle(message: Exclude<FromView, { type: "ready" }>): Promise<void> {
    return handleRequest(message, this.#requests);
  }

  /** Shows the first screen of a new conversation. */
  startNew(): void {
    this.#requests.list.startNew();
  }

  /** The conversation that is shown, or that the list covers. */
  get conversation(): Conversation {
    return this.#display.conversation;
  }

  /** Opens the find bar of the conversation that is shown. */
  find(): void {
    this.#deps.view.post({ type: "find" });
  }

  /** Shows the list of conversations. */
  async showList(): Promise<void> {
    await this.#display.list("");
  }

  /** Reveals the view and sends a prompt there: in the conversation that is shown, or in a new one if that is busy. */
  async send(prompt: Prompt): Promise<void> {
    await this.#deps.view.reveal();
    const { conversation } = this.#display;
    const isBusy = this.#running.isRunning(conversation.id) || this.#display.elsewhere !== undefined;
    if (isBusy) this.#display.showNew();
    else this.#display.show(conversation);
    await this.#sender.send(prompt, {});
  }

  /** Attaches items to the next prompt, with the command that they are for, and focuses the input. */
  attach(items: readonly ContextItem[], command: string): Promise<void> {
    return this.#requests.context.attach(items, command);
  }

  /** Posts the commands that can be typed. */
  postCommands(): Promise<void> {
    return this.#requests.input.postCommands();
  }

  /** Decides again where the command in the input would go: what it attaches may have changed. */
  refreshCommand(): Promise<void> {
    return this.#requests.input.refreshCommand();
  }

  /** Posts today's spend, and the warning if a threshold is passed. */
  postBudget(): void {
    this.#requests.status.postBudget();
  }

  /** Posts the names of the providers, and whether any but the simulator can answer. */
  postProviders(): Promise<void> {
    return this.#requests.status.postProviders();
  }

  /** Ends every running answer because the editor closes. Resolves when they are saved. */
  close(): Promise<void> {
    return this.#running.interruptAll();
  }

  /** After an error ended an answer: shows the conversation at rest, and returns an unsent prompt to the input, or the queue. */
  #recover(conversation: Conversation, unsent: Prompt | undefined): void {
    this.#display.update(conversation);
    if (this.#display.shows(conversation.id)) this.#display.show(conversation);
    if (unsent === undefined) return;
    if (conversation.id === this.#display.conversation.id) this.#sender.returnToInput(unsent);
    else this.#queue.add(conversation.id, unsent);
  }

  /** Shows what other windows have changed. Prompts that waited for an answer of another window are sent when it has ended. */
  async #catchUp(show: () => Promise<void>): Promise<void> {
    const { conversation, elsewhere } = this.#display;
    await show();
    const hasEnded = elsewhere !== undefined && this.#display.elsewhere === undefined;
    if (hasEnded && this.#display.conversation.id === conversation.id)
      void this.#sender.sendNext(conversation.id).catch(this.#deps.onError);
  }

  /** Changes every copy of a conversation in memory. */
  #change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    this.#display.change(conversationId, change);
    this.#running.change(conversationId, change);
  }
}
