import type { History } from "../../../contract/history.ts";

export type UnreadAnswersDeps = {
  readonly history: () => Promise<Pick<History, "setUnread">>;
  /** Shows on the view's icon how many conversations have an answer that was not seen. */
  readonly setBadge: (count: number) => void;
};

/** The conversations of this window whose answers have ended while the view did not show them. */
export class UnreadAnswers {
  readonly #deps: UnreadAnswersDeps;
  readonly #ids = new Set<string>();

  constructor(deps: UnreadAnswersDeps) {
    this.#deps = deps;
  }

  async add(conversationId: string): Promise<void> {
    this.#ids.add(conversationId);
    this.#deps.setBadge(this.#ids.size);
    await (await this.#deps.history()).setUnread(conversationId, true);
  }

  /** The user sees the conversation, or has deleted it. */
  async remove(conversationId: string): Promise<void> {
    if (this.#ids.delete(conversationId)) this.#deps.setBadge(this.#ids.size);
    await (await this.#deps.history()).setUnread(conversationId, false);
  }
}
