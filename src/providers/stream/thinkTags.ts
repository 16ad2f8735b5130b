import type { ContentEvent } from "./answerReader.ts";

const OPENING = "<think>";
const CLOSING = "</think>";

/** More white space than this does not precede a block. */
const MAX_BLANKS = 1000;

/**
 * Separates the reasoning that a model writes at the beginning of its text, between tags, from the text. Tags anywhere
 * else are text. White space around the reasoning is dropped.
 */
export class ThinkTags {
  /** `before`: nothing but white space and reasoning so far. */
  #state: "before" | "inside" | "text" = "before";
  /** Text that may be a part of a tag, or white space before one. */
  #held = "";
  #hasReasoned = false;

  /** All that follows is text. */
  get isOver(): boolean {
    return this.#state === "text";
  }

  /** Takes the next piece of the text, and returns what it is. */
  push(piece: string): readonly ContentEvent[] {
    if (this.#state === "text") return textOf(piece);
    const events: ContentEvent[] = [];
    let rest = this.#held + piece;
    this.#held = "";
    while (rest !== "")
      rest = this.#state === "inside" ? this.#think(rest, events) : this.#open(rest, events);
    return events;
  }

  /** What is held at the end of the text. */
  end(): readonly ContentEvent[] {
    const held = this.#held;
    this.#held = "";
    if (this.#state === "inside") return reasoningOf(held);
    return textOf(this.#hasReasoned ? held.trimStart() : held);
  }

  /** Looks for a block's beginning. Returns what is left of the text. */
  #open(text: string, events: ContentEvent[]): string {
    const content = text.trimStart();
    if (text.length <= MAX_BLANKS && content.length < OPENING.length && OPENING.startsWith(content)) {
      this.#held = text;
      return "";
    }
    if (content.startsWith(OPENING)) {
      this.#state = "inside";
      this.#hasReasoned = true;
      return content.slice(OPENING.length);
    }
    this.#state = "text";
    events.push(...textOf(this.#hasReasoned ? content : text));
    return "";
  }

  /** Looks for a block's end. Returns what is left of the text. */
  #think(text: string, events: ContentEvent[]): string {
    const end = text.indexOf(CLOSING);
    if (end >= 0) {
      events.push(...reasoningOf(text.slice(0, end)));
      this.#state = "before";
      return text.slice(end + CLOSING.length);
    }
    const held = lengthOfCommon(text, CLOSING);
    events.push(...reasoningOf(text.slice(0, text.length - held)));
    this.#held = text.slice(text.length - held);
    return "";
  }
}

/** The length of the longest end of a text that is the beginning of a tag. */
function lengthOfCommon(text: string, tag: string): number {
  for (let length = Math.min(text.length, tag.length - 1); length > 0; length -= 1) {
    if (tag.startsWith(text.slice(-length))) return length;
  }
  return 0;
}

function textOf(text: string): readonly ContentEvent[] {
  return text === "" ? [] : [{ type: "text", text }];
}

function reasoningOf(text: string): readonly ContentEvent[] {
  return text === "" ? [] : [{ type: "reasoning", text }];
}
