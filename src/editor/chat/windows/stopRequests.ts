import type { History } from "../../../contract/history.ts";

export type StopRequestsDeps = {
  readonly history: () => Promise<Pick<History, "onConversationsChange" | "stopRequests">>;
  /** Stops the answer that this window writes in a conversation. */
  readonly stop: (conversationId: string) => void;
  readonly onError: (error: unknown) => void;
};

/** Stops answers of this window that the user stops in another one. Listens only while an answer is being written. */
export class StopRequests {
  readonly #deps: StopRequestsDeps;
  #isBusy = false;
  #stopListening: (() => void) | undefined;

  constructor(deps: StopRequestsDeps) {
    this.#deps = deps;
  }

  /** To be called with whether any answer is being written, whenever that changes. */
  async setBusy(isBusy: boolean): Promise<void> {
    this.#isBusy = isBusy;
    if (!isBusy) {
      this.#stopListening?.();
      this.#stopListening = undefined;
      return;
    }
    const history = await this.#deps.history();
    if (this.#isBusy)
      this.#stopListening ??= history.onConversationsChange(() => this.#stopRequested(history));
  }

  #stopRequested(history: Pick<History, "stopRequests">): void {
    const { stop, onError } = this.#deps;
    history.stopRequests().then((ids) => ids.forEach(stop), onError);
  }
}
