import type { History } from "../../../contract/history.ts";
import type { WindowState } from "../windowState.ts";

export type UnreadAnswersDeps = {
  readonly history: () => Promise<Pick<History, "setUnread" | "isUnread">>;
  readonly state: Pick<WindowState, "unread">;
  /** Shows on the view's icon how many conversations have an answer that was not seen. */
  readonly setBadge: (count: number) => void;
};

/** The conversations of this window whose answers have ended while the view did not show them. */
export class UnreadAnswers {
  readonly #deps: UnreadAnswersDeps;
  readonly #ids: Set<string>;

  constructor(deps: UnreadAnswersDeps) {
    this.#deps = deps;
    this.#ids = new Set(deps.state.unread);
  }

  /** Shows those again that were not seen before the window was reloaded. Another window may have shown some meanwhile. */
  async restore(): Promise<void> {
    const kept = [...this.#ids];
    if (kept.length === 0) return;
    const history = await this.#deps.history();
    for (const id of kept) if (!(await history.isUnread(id))) this.#ids.delete(id);
    this.#changed();
  }

  async add(conversationId: string): Promise<void> {
    // The ledger comes first: a window that is reloaded meanwhile asks it which of the badge's answers were not seen.
    this.#ids.add(conversationId);
    await (await this.#deps.history()).setUnread(conversationId, true);
    this.#changed();
  }

  /** The user sees the conversation, or has deleted it. */
  async remove(conversationId: string): Promise<void> {
    if (this.#ids.delete(conversationId)) this.#changed();
    await (await this.#deps.history()).setUnread(conversationId, false);
  }

  #changed(): void {
    this.#deps.state.unread = [...this.#ids];
    this.#deps.setBadge(this.#ids.size);
  }
}
