import { type StartTimer, startTimer } from "../../../base/time/timer.ts";
import type { History } from "../../../contract/history.ts";

/** How often the view looks whether the window that writes an answer still runs: a killed process changes nothing. */
const LOOK_AGAIN_MS = 5000;

export type OtherWindowsDeps = {
  readonly history: () => Promise<Pick<History, "onConversationsChange">>;
  /** Shows what has changed. */
  readonly sync: () => Promise<void>;
  /** Whether another window writes the answer that the view shows. */
  readonly isWaiting: () => boolean;
  readonly onError: (error: unknown) => void;
  readonly startTimer?: StartTimer | undefined;
};

/** Keeps the view in step with other windows while it is visible. While it is hidden, nothing is read and no timer runs. */
export class OtherWindows {
  readonly #deps: OtherWindowsDeps;
  /** Undefined while the view is hidden. */
  #watch: { stop: () => void } | undefined;
  #cancelTimer: () => void = () => {};
  #isSyncing = false;
  #isDue = false;

  constructor(deps: OtherWindowsDeps) {
    this.#deps = deps;
  }

  async watch(): Promise<void> {
    this.pause();
    const watch = { stop: () => {} };
    this.#watch = watch;
    const history = await this.#deps.history();
    if (this.#watch !== watch) return;
    watch.stop = history.onConversationsChange(() => this.#sync());
    this.#refreshLater();
  }

  pause(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.#cancelTimer();
  }

  /** One at a time: a change meanwhile is shown afterwards. */
  #sync(): void {
    if (this.#isSyncing) {
      this.#isDue = true;
      return;
    }
    this.#isSyncing = true;
    this.#isDue = false;
    const done = () => {
      this.#isSyncing = false;
      if (this.#watch === undefined) return;
      if (this.#isDue) this.#sync();
      else this.#refreshLater();
    };
    this.#deps.sync().catch(this.#deps.onError).finally(done);
  }

  #refreshLater(): void {
    this.#cancelTimer();
    if (!this.#deps.isWaiting()) return;
    this.#cancelTimer = (this.#deps.startTimer ?? startTimer)(() => this.#sync(), LOOK_AGAIN_MS);
  }
}
