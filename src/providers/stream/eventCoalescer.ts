import type { ProviderEvent } from "../../contract/provider.ts";
import type { ContentEvent } from "./answerReader.ts";
import type { StreamEvent } from "./eventStream.ts";

/**
 * Joins consecutive texts (or reasonings) that arrive in one network read into one event, because an event costs its
 * consumers more than reading it does. Where the stream is relayed, the event carries the wire's own text of its piece.
 * A wire event without content (a role, the start of a block) is relayed with the next piece.
 */
export class EventCoalescer {
  readonly #isRelayed: boolean;
  readonly #emit: (event: ProviderEvent) => void;
  #open: ContentEvent | undefined;
  #text = "";
  /** Wire text of the open piece and of what precedes it. */
  #raw = "";
  #hasRaw = false;

  constructor(isRelayed: boolean, emit: (event: ProviderEvent) => void) {
    this.#isRelayed = isRelayed;
    this.#emit = emit;
  }

  /**
   * Adds a wire event and its content.
   * @param isRelayable its wire text holds nothing besides
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
      // The wire text of an event with several pieces belongs to none of them.
      for (const piece of content) {
        this.flush();
        this.#join(piece, false);
      }
    }
  }

  #join(piece: ContentEvent, isRelayable: boolean): void {
    const hasRaw = this.#isRelayed && isRelayable;
    const open = this.#open;
    // Pieces with and without wire text stay apart, so that as much as possible is relayed.
    if (open !== undefined && !(isContinued(open, piece) && hasRaw === this.#hasRaw)) this.flush();
    this.#open ??= piece;
    this.#text += piece.text;
    this.#hasRaw = hasRaw;
  }

  /** Emits what is waiting. */
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

/** A signature ends a piece of reasoning. */
function isContinued(open: ContentEvent, next: ContentEvent): boolean {
  if (open.type === "text") return next.type === "text";
  return next.type === "reasoning" && open.signature === undefined && next.signature === undefined;
}

/** An event as it is written on the wire. */
function wireText({ event, data }: StreamEvent): string {
  const name = event === undefined ? "" : `event: ${event}\n`;
  const lines = data.includes("\n") ? data.replaceAll("\n", "\ndata: ") : data;
  return `${name}data: ${lines}\n\n`;
}
