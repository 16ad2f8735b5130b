import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";

/** One server-sent event. */
export type StreamEvent = {
  readonly event?: string | undefined;
  readonly data: string;
};

/** Far above the largest real event (a tool call's arguments in one piece), far below what a host could not hold. */
export const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Reads server-sent events from bytes, however they are split into chunks. Bytes that are not UTF-8 become U+FFFD. The
 * decoder is Node's StringDecoder, which takes half the time of a streaming TextDecoder (105 against 189 ns for a chunk
 * of 260 bytes).
 */
export class EventStreamParser {
  readonly #decoder = new StringDecoder("utf8");
  readonly #parser: ReturnType<typeof createParser>;
  #isTooLarge = false;

  /** @param onEvent called with each complete event */
  constructor(onEvent: (event: StreamEvent) => void, maxEventCharacters = MAX_EVENT_CHARACTERS) {
    this.#parser = createParser({
      maxBufferSize: maxEventCharacters,
      onEvent,
      onError: ({ type }) => {
        if (type === "max-buffer-size-exceeded") this.#isTooLarge = true;
      },
    });
  }

  /** An event is longer than the maximum: nothing more can be read. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /** Parses a chunk: `onEvent` is called for each event that it completes. */
  feed(chunk: Buffer): void {
    if (!this.#isTooLarge) this.#parser.feed(this.#decoder.write(chunk));
  }

  /** The stream is over. Its last event counts without the blank line behind it, too. */
  end(): void {
    if (!this.#isTooLarge) this.#parser.feed(this.#decoder.end());
    if (!this.#isTooLarge) this.#parser.feed("\n\n");
  }
}
