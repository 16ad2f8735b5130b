import type { ProviderEvent } from "../../../contract/provider/provider.ts";
import type { Redaction } from "../../errors/redaction.ts";
import type { ContentEvent } from "../answerReader.ts";
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
  readonly #redaction: Redaction;
  /** The event's name and what stood around the last text that was checked, which do not contain the key. */
  #event = "";
  #before = "";
  #after = "";

  /** @param redaction wire text that contains the key is not relayed, unless it is in the content */
  constructor(isRelayed: boolean, redaction: Redaction, emit: (event: ProviderEvent) => void) {
    this.#isRelayed = isRelayed;
    this.#redaction = redaction;
    this.#emit = emit;
  }

  /**
   * Adds a wire event and its content.
   * @param isRelayable its wire text can be relayed
   */
  add(event: StreamEvent, content: readonly ContentEvent[], isRelayable: boolean): void {
    const [first] = content;
    if (first === undefined) {
      if (!this.#isRelayed || !isRelayable || this.#hasKey(event, "")) return;
      this.flush();
      this.#raw += wireText(event);
    } else if (content.length === 1) {
      this.#join(first, isRelayable && !(this.#isRelayed && this.#hasKey(event, first.text)));
      if (this.#isRelayed) this.#raw += wireText(event);
    } else {
      // An event with several pieces has no wire text for each of them.
      for (const piece of content) {
        this.flush();
        this.#join(piece, false);
      }
    }
  }

  /** Whether an event contains the key outside of its content. Most events equal the last one except for their content. */
  #hasKey({ event = "", data }: StreamEvent, text: string): boolean {
    const isLikeLast =
      event === this.#event &&
      data.length === this.#before.length + text.length + this.#after.length &&
      data.slice(0, this.#before.length) === this.#before &&
      data.slice(this.#before.length, this.#before.length + text.length) === text &&
      data.slice(this.#before.length + text.length) === this.#after;
    if (isLikeLast) return false;
    const at = Math.max(0, data.indexOf(text));
    const before = data.slice(0, at);
    const after = data.slice(data.startsWith(text, at) ? at + text.length : at);
    // Some servers change the part after each text: OpenAI pads it with random letters.
    const isNew = event !== this.#event || before !== this.#before;
    if (isNew && this.#redaction.isIn(`${event} ${before}`)) return true;
    if (after !== this.#after && this.#redaction.isIn(after)) return true;
    this.#event = event;
    this.#before = before;
    this.#after = after;
    return false;
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
