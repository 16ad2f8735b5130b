import { once } from "node:events";
import type { Writable } from "node:stream";

/** So much is gathered before it is written. */
const PIECE = 64 * 1024;

/** Writes to a stream in large pieces, and waits where the reader is slower. */
export class Sink {
  readonly #stream: Writable;
  readonly #isOwn: boolean;
  #text = "";
  #error: Error | undefined;

  /** @param isOwn the stream ends with the sink; stdout, which is the process's, does not */
  constructor(stream: Writable, isOwn: boolean) {
    this.#stream = stream;
    this.#isOwn = isOwn;
    stream.on("error", (error) => {
      this.#error ??= error;
    });
  }

  /** True once whoever reads has gone away, as `head` does: nobody is left to write for. */
  get isClosed(): boolean {
    return this.#error !== undefined && "code" in this.#error && this.#error.code === "EPIPE";
  }

  async write(text: string): Promise<void> {
    this.#text += text;
    if (this.#text.length >= PIECE) await this.flush();
  }

  /** @throws what went wrong with the stream, except that its reader has gone */
  async flush(): Promise<void> {
    const text = this.#text;
    this.#text = "";
    this.#check();
    if (text === "" || this.isClosed) return;
    if (!this.#stream.write(text)) await this.#drained();
    this.#check();
  }

  /** Writes what is left. */
  async end(): Promise<void> {
    await this.flush();
    if (this.isClosed) return;
    await new Promise<void>((resolve) => {
      this.#stream.once("error", () => resolve());
      if (this.#isOwn) this.#stream.end(() => resolve());
      else this.#stream.write("", () => resolve());
    });
    this.#check();
  }

  async #drained(): Promise<void> {
    if (this.#error !== undefined) return;
    const done = new AbortController();
    const { signal } = done;
    // `once` rejects at "error", which the constructor's listener has kept.
    await Promise.race([once(this.#stream, "drain", { signal }), once(this.#stream, "close", { signal })])
      .catch(() => undefined)
      .finally(() => done.abort());
  }

  #check(): void {
    if (this.#error !== undefined && !this.isClosed) throw this.#error;
  }
}
