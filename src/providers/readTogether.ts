import type { AnswerReader, ContentEvent } from "./answerReader.ts";
import type { StreamEvent } from "./eventStream.ts";
import type { Relay } from "./relay.ts";

/** What a chunk of a stream says. `error`: what its reader threw, behind what was said before. */
export type Said = { readonly content: readonly ContentEvent[]; readonly error?: unknown };

/**
 * Reads the events that came in one chunk. Texts that follow each other become one: on its way up an event costs more
 * than to read it, and who is slower than the stream gets many at once.
 */
export function readTogether(events: readonly StreamEvent[], reader: AnswerReader, relay: Relay): Said {
  const content: ContentEvent[] = [];
  let open: ContentEvent | undefined;
  const close = (): void => {
    if (open !== undefined) content.push(relay.carry(open));
    open = undefined;
  };
  try {
    for (const event of events) {
      const said = reader.take(event);
      if (said === undefined) continue;
      const [first] = said;
      if (first === undefined) {
        // What says nothing (a finish reason, a piece of a tool call) waits, and does not go along with what came before.
        close();
        relay.saw(event);
      } else if (said.length === 1) {
        if (open !== undefined && !isContinued(open, first)) close();
        relay.saw(event);
        open = open === undefined ? first : { ...open, text: open.text + first.text };
      } else {
        // An event that says two things cannot be sent on with either, nor can what waited: it would stand for the first.
        close();
        relay.forget();
        content.push(...said);
      }
      if (reader.isDone) break;
    }
  } catch (error) {
    close();
    return { content, error };
  }
  close();
  return { content };
}

/** A signature closes a reasoning: what follows is another one. */
function isContinued(open: ContentEvent, next: ContentEvent): boolean {
  if (open.type === "text") return next.type === "text";
  return next.type === "reasoning" && open.signature === undefined && next.signature === undefined;
}
