/** How long pieces of text wait for each other: a webview paints no faster. */
const WAIT_MS = 16;

/**
 * Joins pieces of text that come close together, so that the view gets a few dozen messages a second and not a thousand.
 * The first piece after a pause goes at once.
 */
export class Coalesced {
  readonly #send: (text: string) => void;
  #waiting: string[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(send: (text: string) => void) {
    this.#send = send;
  }

  add(text: string): void {
    if (this.#timer === undefined) {
      this.#send(text);
      this.#wait();
    } else {
      this.#waiting.push(text);
    }
  }

  /** Sends what waits: before anything that must come after it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#waiting.length === 0) return;
    const text = this.#waiting.join("");
    this.#waiting = [];
    this.#send(text);
  }

  #wait(): void {
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      if (this.#waiting.length === 0) return;
      this.flush();
      this.#wait();
    }, WAIT_MS);
  }
}
