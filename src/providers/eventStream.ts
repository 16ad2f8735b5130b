import { createParser, type EventSourceMessage } from "eventsource-parser";
import type { AnswerBody } from "./answer.ts";

/** One event of a stream. */
export type StreamEvent = {
  /** Left out where the stream does not name its events. */
  readonly event?: string;
  readonly data: string;
};

/** The events of a stream, in batches. */
export type Events = AsyncGenerator<readonly StreamEvent[], void, undefined>;

/** An event was longer than any provider's can be. */
export class EventTooLargeError extends Error {
  constructor(maxEventChars: number) {
    super(`an event of more than ${maxEventChars} characters`);
    this.name = "EventTooLargeError";
  }
}

/** Far above the largest honest event (a tool call's arguments in one piece), far below what a host could not hold. */
export const MAX_EVENT_CHARS = 16 * 1024 * 1024;

/**
 * Reads server-sent events from bytes, however they are cut into chunks. Bytes that are no UTF-8 become U+FFFD. Yields
 * the events of a chunk together, because a stream's cost is the number of its turns.
 * @throws EventTooLargeError, after at most `maxEventChars` plus one chunk were held; and what the body's reader throws
 */
export async function* readEvents(body: AnswerBody, maxEventChars: number = MAX_EVENT_CHARS): Events {
  const decoder = new TextDecoder();
  let batch: StreamEvent[] = [];
  let isTooLarge = false;
  const parser = createParser({
    maxBufferSize: maxEventChars,
    onEvent: ({ event, data }: EventSourceMessage) => {
      batch.push(event === undefined ? { data } : { event, data });
    },
    onError: ({ type }) => {
      if (type === "max-buffer-size-exceeded") isTooLarge = true;
    },
  });
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    parser.feed(done ? decoder.decode() : decoder.decode(value, { stream: true }));
    if (isTooLarge) throw new EventTooLargeError(maxEventChars);
    // The last event counts too where the stream ends without the blank line behind it.
    if (done) parser.feed("\n\n");
    const events = batch;
    batch = [];
    if (events.length > 0) yield events;
    if (done) return;
  }
}
