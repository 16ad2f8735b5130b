import type { ProviderEvent } from "../../contract/provider.ts";
import type { ContentEvent } from "./answerReader.ts";
import type { StreamEvent } from "./eventStream.ts";

/**
 * Joins consecutive texts (or reasonings) of one network read into one event, because consumers spend more time on an
 * event than parsing does. In a relayed stream, the event has the wire text of its content. The wire text of an event
 * without content (a role, the start of a block) is relayed with the next content.
 */
export class EventCoalescer {
  readonly #isRelayed: boolean;
  readonly #emit: (event: ProviderEvent) => void;
  #open: ContentEvent | undefined;
  #text = "";
  /** Wire text of the open piece and of the events without content before it. */
  #raw = "";
  #hasRaw = false;

  constructor(isRelayed: boolean, emit: (event: ProviderEvent) => void) {
    this.#isRelayed = isRelayed;
    this.#emit = emit;
  }

  /**
   * Adds a wire event and its content.
   * @param isRelayable its wire text can be relayed
   */
  add(event: StreamEvent, content: readonly ContentEvent[], isRelayable: boolean): void {
    const [first] = content;
    if (first === undefined) {
      if (!this.#isRelayed || !isRelayable) return;
      this.flush();
      this.#raw += wireText(event);
    } else if (content.length === 1) {
      this.#join(first, isRelayable);
      if (this.#isRelayed) this.#raw += wireText(event);
    } else {
      // An event with several pieces has no wire text for each of them.
      for (const piece of content) {
        this.flush();
        this.#join(piece, false);
      }
    }
  }

  #join(piece: ContentEvent, isRelayable: boolean): void {
    const hasRaw = this.#isRelayed && isRelayable;
    const open = this.#open;
    // Pieces with and without wire text are not joined, so that as much as possible is relayed.
    if (open !== undefined && !(isContinued(open, piece) && hasRaw === this.#hasRaw)) this.flush();
    this.#open ??= piece;
    this.#text += piece.text;
    this.#hasRaw = hasRaw;
  }

  /** Emits the open piece. */
  flush(): void {
    const open = this.#open;
    if (open === undefined) return;
    const text = this.#text;
    const raw = this.#raw;
    this.#open = undefined;
    this.#text = "";
    this.#raw = "";
    if (this.#hasRaw) this.#emit({ ...open, text, raw });
    else this.#emit(text === open.text ? open : { ...open, text });
  }
}

/** Whether two pieces can be joined. A signature ends a piece of reasoning. */
function isContinued(open: ContentEvent, next: ContentEvent): boolean {
  if (open.type === "text") return next.type === "text";
  return next.type === "reasoning" && open.signature === undefined && next.signature === undefined;
}

/** The text of an event on the wire. */
function wireText({ event, data }: StreamEvent): string {
  const name = event === undefined ? "" : `event: ${event}\n`;
  const lines = data.includes("\n") ? data.replaceAll("\n", "\ndata: ") : data;
  return `${name}data: ${lines}\n\n`;
}
