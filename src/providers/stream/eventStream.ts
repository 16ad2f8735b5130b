import { StringDecoder } from "node:string_decoder";
import { createParser } from "eventsource-parser";

/** One server-sent event. */
export type StreamEvent = {
  readonly event?: string | undefined;
  readonly data: string;
};

/** Far more than the largest real event (a tool call's arguments in one piece), and little memory. */
export const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

/**
 * Parses server-sent events from chunks of bytes. Bytes that are not UTF-8 become U+FFFD.
 *
 * Node's StringDecoder is used instead of a streaming TextDecoder: an event takes 0.22 µs of processor time instead of
 * 0.32 (`npm run bench providers`, 2026-11).
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

  /** An event is longer than the maximum. Nothing more is parsed. */
  get isTooLarge(): boolean {
    return this.#isTooLarge;
  }

  /** Parses a chunk: `onEvent` is called for each event that it completes. */
  feed(chunk: Buffer): void {
    if (!this.#isTooLarge) this.#parser.feed(this.#decoder.write(chunk));
  }

  /** Ends the stream. Its last event counts even without a blank line after it. */
  end(): void {
    if (!this.#isTooLarge) this.#parser.feed(this.#decoder.end());
    if (!this.#isTooLarge) this.#parser.feed("\n\n");
  }
}
