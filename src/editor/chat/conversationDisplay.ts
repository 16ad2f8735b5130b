import { isDeepStrictEqual } from "node:util";
import type { Chat } from "../../assistant/chat.ts";
import type { Conversation, ConversationRow, Turn } from "../../contract/conversation.ts";
import type { History, RunningTurn } from "../../contract/history.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { conversationView, turnViews } from "./conversationView.ts";
import type { WindowState } from "./windowState.ts";

/** A conversation whose answer is being written. */
export type RunningConversation = {
  readonly conversation: Conversation;
  /** The turn that is being answered; undefined until the prompt has become one. */
  readonly turnId: string | undefined;
};

export type ConversationDisplayDeps = {
  readonly chat: Pick<Chat, "start" | "list" | "open">;
  /** What all windows share. */
  readonly shared: () => Promise<Pick<History, "changeOf" | "runningTurn">>;
  readonly post: (message: ToView) => void;
  readonly now: () => number;
  /** Whether this window writes an answer in a conversation. */
  readonly isRunning: (conversationId: string) => boolean;
  /** A conversation whose answer is being written, with its text so far. */
  readonly running: (conversationId: string) => RunningConversation | undefined;
  readonly state: Pick<WindowState, "shownConversation" | "choice">;
  /** The view shows a conversation now. */
  readonly onShown: (conversationId: string) => void;
  /** Posts what the view shows beside the input: queued prompts, and a question about the next one. */
  readonly postInput: (conversationId: string) => void;
};

/** What the view shows: one conversation, or the list of all. */
export class ConversationDisplay {
  readonly #deps: ConversationDisplayDeps;
  #conversation: Conversation;
  /** The count of the conversation's changes when it was read; undefined if it was not read. */
  #change: number | undefined;
  #elsewhere: string | undefined;
  /** The query of the list, while the list is shown. */
  #query: string | undefined;
  /** The rows of the list that were posted last. */
  #rows: readonly ConversationRow[] = [];
  /** The conversation that the window showed before it was loaded again, until the view shows anything. */
  #shownBefore: string | undefined;

  constructor(deps: ConversationDisplayDeps) {
    this.#deps = deps;
    this.#conversation = deps.chat.start(deps.state.choice);
    this.#shownBefore = deps.state.shownConversation;
  }

  /** The conversation that is shown, or that the list covers. */
  get conversation(): Conversation {
    return this.#conversation;
  }

  /** The turn of the conversation whose answer another window writes; undefined if there is none. */
  get elsewhere(): string | undefined {
    return this.#elsewhere;
  }

  get isListShown(): boolean {
    return this.#query !== undefined;
  }

  shows(conversationId: string): boolean {
    return this.#query === undefined && this.#conversation.id === conversationId;
  }

  /** Posts everything that is shown, to a view that is empty. */
  async postAll(): Promise<void> {
    try {
      await this.#restore();
      if ((await this.refresh()) === "gone") this.#set(this.#deps.chat.start());
    } finally {
      if (this.#query === undefined) this.show(this.#conversation);
      else await this.list(this.#query);
    }
  }

  /** Reads a conversation and shows it. Returns false if there is none. */
  async open(id: string): Promise<boolean> {
    const running = this.#deps.running(id);
    const read = running === undefined ? await this.#read(id) : { conversation: running.conversation };
    if (read === undefined) return false;
    this.#take(read);
    this.show(read.conversation);
    return true;
  }

  /**
   * Reads the conversation again if it has changed, or was not read yet. While this window writes an answer there, no
   * other one changes its turns. Posts nothing. `gone`: another window has deleted it; it stays in memory.
   */
  async refresh(): Promise<"same" | "read" | "gone"> {
    const { id, turns } = this.#conversation;
    if (turns.length === 0 || this.#deps.isRunning(id)) return "same";
    const shared = await this.#deps.shared();
    const isSame =
      (await shared.changeOf(id)) === this.#change &&
      otherTurn(await shared.runningTurn(id)) === this.#elsewhere;
    if (isSame) return "same";
    const read = await this.#read(id);
    if (this.#conversation.id !== id || this.#deps.isRunning(id)) return "same";
    if (read === undefined) return "gone";
    this.#take(read);
    return "read";
  }

  /** Shows what other windows have changed: in the conversation, or in the list. */
  async sync(): Promise<void> {
    // While an answer is written, its text is saved all the time, and no row changes.
    if (this.#query !== undefined)
      return this.#postList(this.#query, (rows) => !isDeepStrictEqual(rows, this.#rows));
    const before = { conversation: this.#conversation, elsewhere: this.#elsewhere };
    const result = await this.refresh();
    if (this.#query !== undefined || result === "same") return;
    if (result === "gone") return this.showNew();
    this.#deps.onShown(this.#conversation.id);
    if (!isDeepStrictEqual(before.conversation.choice ?? {}, this.#conversation.choice ?? {}))
      this.#deps.post({ type: "choice", choice: this.#conversation.choice ?? {} });
    const turns = changedTurns(before.conversation, this.#conversation);
    if (turns === undefined) return this.show(this.#conversation);
    const header = headerOf(this.#conversation);
    const isSame =
      turns.length === 0 &&
      this.#elsewhere === before.elsewhere &&
      isDeepStrictEqual(header, headerOf(before.conversation));
    if (isSame) return;
    const busyTurnId = this.#elsewhere ?? null;
    this.#deps.post({
      type: "synced",
      ...header,
      turns: turnViews(turns, this.#conversation),
      busyTurnId,
    });
  }

  show(conversation: Conversation): void {
    const running = this.#deps.running(conversation.id);
    const shown = running?.conversation ?? conversation;
    if (running !== undefined) this.#elsewhere = undefined;
    this.#set(shown);
    this.#query = undefined;
    this.#deps.post({
      type: "conversation",
      conversation: shown.turns.length === 0 ? null : conversationView(shown),
      busyTurnId: running?.turnId ?? this.#elsewhere ?? null,
      isElsewhere: this.#elsewhere !== undefined,
    });
    if (shown.turns.length > 0) this.#deps.onShown(shown.id);
    this.#deps.post({ type: "choice", choice: shown.choice ?? {} });
    this.#deps.postInput(shown.id);
  }

  /** Posts turns of the shown conversation that the view has as outlines. */
  postTurns(conversationId: string, turnIds: readonly string[]): void {
    const conversation = this.#conversation;
    if (conversation.id !== conversationId) return;
    const asked = new Set(turnIds);
    const turns = conversation.turns.filter(({ id }) => asked.has(id));
    this.#deps.post({
      type: "turns",
      conversationId,
      turns: turnViews(turns, conversation),
    });
  }

  /** Shows the first screen of a new conversation. */
  showNew(): void {
    this.show(this.#deps.chat.start());
  }

  /** Replaces a conversation in memory. Posts nothing. */
  update(conversation: Conversation): void {
    if (conversation.id === this.#conversation.id) this.#set(conversation);
  }

  /** Changes a conversation in memory, if it is the one that is shown. Posts nothing. */
  change(conversationId: string, change: (conversation: Conversation) => Conversation): void {
    if (conversationId === this.#conversation.id) this.#set(change(this.#conversation));
  }

  /** Replaces a deleted conversation by a new one behind the list. */
  forget(conversationId: string): void {
    if (conversationId === this.#conversation.id) this.#set(this.#deps.chat.start());
  }

  async list(query: string): Promise<void> {
    this.#shownBefore = undefined;
    this.#query = query;
    await this.#postList(query, () => true);
  }

  async #postList(query: string, isNeeded: (rows: readonly ConversationRow[]) => boolean): Promise<void> {
    const rows = await this.#deps.chat.list(query);
    // A conversation may have been opened meanwhile, or another query been typed.
    if (this.#query !== query || !isNeeded(rows)) return;
    this.#rows = rows;
    this.#deps.post({ type: "conversations", rows, query, nowMs: this.#deps.now() });
  }

  /** Lists the conversations again, if the list is shown. */
  async relist(): Promise<void> {
    if (this.#query !== undefined) await this.list(this.#query);
  }

  /** Opens the conversation that the window showed before, unless something else was opened meanwhile. */
  async #restore(): Promise<void> {
    const id = this.#shownBefore;
    if (id === undefined) return;
    const read = await this.#read(id);
    if (read !== undefined && id === this.#shownBefore) this.#take(read);
  }

  async #read(id: string): Promise<ReadConversation | undefined> {
    const { chat, shared: open } = this.#deps;
    const shared = await open();
    // Read first: a later change is found by the next refresh.
    const change = await shared.changeOf(id);
    const elsewhere = otherTurn(await shared.runningTurn(id));
    const conversation = await chat.open(id);
    return conversation === undefined ? undefined : { conversation, change, elsewhere };
  }

  #take({ conversation, change, elsewhere }: ReadConversation): void {
    this.#set(conversation);
    this.#change = change;
    this.#elsewhere = elsewhere;
  }

  #set(conversation: Conversation): void {
    if (conversation.id !== this.#conversation.id) {
      this.#change = undefined;
      this.#elsewhere = undefined;
    }
    this.#shownBefore = undefined;
    this.#conversation = conversation;
    const isNew = conversation.turns.length === 0;
    this.#deps.state.shownConversation = isNew ? undefined : conversation.id;
    this.#deps.state.choice = (isNew ? conversation.choice : undefined) ?? {};
  }
}

/** A conversation as it was read, or as this window writes an answer there. */
type ReadConversation = {
  readonly conversation: Conversation;
  readonly change?: number | undefined;
  readonly elsewhere?: string | undefined;
};

function otherTurn(running: RunningTurn | undefined): string | undefined {
  return running === undefined || running.isOwn ? undefined : running.turnId;
}

function headerOf({ id: conversationId, title, isPrivate, leftOut, isPinned }: Conversation) {
  return { conversationId, title, isPrivate, leftOut, isPinned };
}

/**
 * Returns the turns of a conversation that were added or have changed; undefined if the view must show all of them again,
 * because others are gone or the conversation has other branches.
 */
function changedTurns(before: Conversation, after: Conversation): readonly Turn[] | undefined {
  const places = ({ tree }: Conversation) => tree?.map(({ chosen, ...place }) => place);
  if (before.id !== after.id || !isDeepStrictEqual(places(before), places(after))) return undefined;
  if (before.turns.some(({ id }, index) => id !== after.turns[index]?.id)) return undefined;
  return after.turns.filter((turn, index) => !isSameTurn(turn, before.turns[index]));
}

/** Compares a turn that was read with one that may never have been stored, and so has properties that are undefined. */
function isSameTurn(read: Turn, other: Turn | undefined): boolean {
  if (other === undefined) return false;
  return isDeepStrictEqual(read, other) || isDeepStrictEqual(read, JSON.parse(JSON.stringify(other)));
}
