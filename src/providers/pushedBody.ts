import type { ReadableStreamReadResult } from "node:stream/web";
import type { AnswerBody } from "./answer.ts";

type Read = ReadableStreamReadResult<Uint8Array>;

/** Whoever fills a body: asked to wait while too much of it is held, and told where nobody reads on. */
export type BodySource = {
  readonly pause: () => void;
  readonly resume: () => void;
  readonly cancel: () => void;
};

/**
 * A body that is filled as it comes and read as a `ReadableStream` is, by one reader. What has come by then is handed on
 * together, since each chunk is a turn for the reader; what came before a break can still be read.
 */
export class PushedBody implements AnswerBody {
  readonly #source: BodySource;
  readonly #mostBytes: number;
  #chunks: Uint8Array[] = [];
  #bytes = 0;
  #isPaused = false;
  #end: { readonly error?: Error } | undefined;
  #reader: { readonly resolve: (read: Read) => void; readonly reject: (error: Error) => void } | undefined;
  #isHandingOn = false;

  /** @param mostBytes how much may wait to be read before the source is paused */
  constructor(source: BodySource, mostBytes: number) {
    this.#source = source;
    this.#mostBytes = mostBytes;
  }

  push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= this.#mostBytes && !this.#isPaused) {
      this.#isPaused = true;
      this.#source.pause();
    }
    this.#handOnSoon();
  }

  end(): void {
    this.#end ??= {};
    this.#handOnSoon();
  }

  fail(error: Error): void {
    this.#end ??= { error };
    this.#handOnSoon();
  }

  getReader(): ReturnType<AnswerBody["getReader"]> {
    return {
      read: () =>
        new Promise<Read>((resolve, reject) => {
          this.#reader = { resolve, reject };
          if (this.#chunks.length > 0 || this.#end !== undefined) this.#handOn();
        }),
      cancel: async () => {
        if (this.#end === undefined) this.#source.cancel();
      },
    };
  }

  /** A read of the socket may bring several chunks, and the end with the last of them. */
  #handOnSoon(): void {
    if (this.#reader === undefined || this.#isHandingOn) return;
    this.#isHandingOn = true;
    queueMicrotask(() => {
      this.#isHandingOn = false;
      this.#handOn();
    });
  }

  #handOn(): void {
    const reader = this.#reader;
    if (reader === undefined) return;
    this.#reader = undefined;
    const chunks = this.#chunks;
    const [first] = chunks;
    if (first !== undefined) {
      this.#chunks = [];
      this.#bytes = 0;
      if (this.#isPaused) {
        this.#isPaused = false;
        this.#source.resume();
      }
      reader.resolve({ done: false, value: chunks.length === 1 ? first : Buffer.concat(chunks) });
    } else if (this.#end?.error !== undefined) reader.reject(this.#end.error);
    else reader.resolve({ done: true, value: undefined });
  }
}
