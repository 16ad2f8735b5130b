import { type StartTimer, startTimer } from "../../base/time/timer.ts";

/** One frame at 60 Hz: a webview paints no faster. */
const FRAME_MS = 16;

/**
 * Joins pieces of text that arrive within one frame, so that a view receives at most one message per frame. The first
 * piece after a pause is sent at once.
 */
export class TextCoalescer {
  readonly #send: (text: string) => void;
  readonly #startTimer: StartTimer;
  #waiting = "";
  #cancelTimer: (() => void) | undefined;

  constructor(send: (text: string) => void, start: StartTimer = startTimer) {
    this.#send = send;
    this.#startTimer = start;
  }

  add(text: string): void {
    if (this.#cancelTimer === undefined) {
      this.#send(text);
      this.#wait();
    } else {
      this.#waiting += text;
    }
  }

  /** Sends the text that waits: called before a message that must come after it. */
  flush(): void {
    const text = this.discard();
    if (text !== "") this.#send(text);
  }

  /** Drops the text that waits and returns it. */
  discard(): string {
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    const text = this.#waiting;
    this.#waiting = "";
    return text;
  }

  #wait(): void {
    this.#cancelTimer = this.#startTimer(() => {
      this.#cancelTimer = undefined;
      if (this.#waiting === "") return;
      this.flush();
      this.#wait();
    }, FRAME_MS);
  }
}
