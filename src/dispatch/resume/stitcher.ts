import { anchorOf, MIN_DISTINCT_CHARACTERS } from "./anchor.ts";
import { isSpace, PrefixEchoMatcher } from "./prefixEcho.ts";

/** Finds where a new answer continues a partial one, while it streams. Buffers text until its place is known. */
export type Stitcher = {
  /** Takes the next piece. Returns the text to show, or undefined if the answer does not continue the partial one. */
  push(piece: string): string | undefined;
  /** Ends the answer. Returns the rest to show, or undefined if the answer does not continue the partial one. */
  end(): string | undefined;
};

/** A model that repeats more characters of the beginning than this, and then differs, has started from the beginning. */
const MAX_COINCIDENCE = 40;

/** Limits what may precede the anchor, such as a polite phrase or a code fence. In characters, without white space. */
const MAX_PREAMBLE = 400;

/**
 * For a model that continues the text directly. Some servers repeat the whole beginning first, which is dropped. An answer
 * that repeats a part of it and then differs has started from the beginning, and does not continue it. Nor does one that
 * repeats only a few characters, which may be an echo or new text (“1” and “10”).
 */
export function prefillStitcher(partial: string): Stitcher {
  const echo = new PrefixEchoMatcher(partial);
  return new SearchingStitcher(partial, (piece, buffered, isComplete) => {
    const end = echo.push(piece);
    if (end !== undefined) {
      return echo.matchedCount < MIN_DISTINCT_CHARACTERS ? "nowhere" : buffered.length - piece.length + end;
    }
    if (!echo.differs && !isComplete) return "undecided";
    return echo.matchedCount > MAX_COINCIDENCE ? "nowhere" : 0;
  });
}

/**
 * For a model that was asked to begin with the partial answer's last words (see `anchorOf`). The text after them
 * continues the partial answer, or the text after the whole beginning if that is repeated.
 */
export function anchorStitcher(partial: string): Stitcher {
  const echo = new PrefixEchoMatcher(partial);
  const opening = new Opening(anchorOf(partial));
  return new SearchingStitcher(partial, (piece, buffered, isComplete) => {
    const end = echo.differs ? undefined : echo.push(piece);
    if (end !== undefined) return buffered.length - piece.length + end;
    opening.push(piece);
    // Repetitive text may contain the anchor and also repeat the whole beginning: the longer match applies.
    if (!echo.differs && !isComplete) return "undecided";
    const place = opening.find();
    return place === "undecided" && isComplete ? "nowhere" : place;
  });
}

const QUOTES = /["'`“”„‘’«»]/;

/** The index of the new text in everything received so far. */
type Place = number | "undecided" | "nowhere";

/** Searches for the new text. `buffered` includes the next piece. `isComplete`: nothing follows, so the search must decide. */
type Search = (piece: string, buffered: string, isComplete: boolean) => Place;

/** Buffers pieces until a search finds where the new text begins. */
class SearchingStitcher implements Stitcher {
  readonly #join: WhitespaceJoin;
  readonly #search: Search;
  #buffered = "";
  #state: "searching" | "found" | "failed" = "searching";

  constructor(partial: string, search: Search) {
    this.#join = new WhitespaceJoin(partial);
    this.#search = search;
  }

  push(piece: string): string | undefined {
    switch (this.#state) {
      case "found":
        return this.#join.push(piece);
      case "failed":
        return undefined;
      case "searching":
        this.#buffered += piece;
        return this.#decide(this.#search(piece, this.#buffered, false));
    }
  }

  end(): string | undefined {
    if (this.#state !== "searching") return this.#state === "found" ? "" : undefined;
    // An answer of white space only cannot be in the wrong place.
    return this.#decide(this.#buffered.trim() === "" ? 0 : this.#search("", this.#buffered, true));
  }

  #decide(place: Place): string | undefined {
    if (place === "undecided") return "";
    const rest = place === "nowhere" ? undefined : this.#buffered.slice(place);
    this.#state = rest === undefined ? "failed" : "found";
    this.#buffered = "";
    return rest === undefined ? undefined : this.#join.push(rest);
  }
}

/** The opening of a new answer, which is searched for the anchor. White space is ignored. */
class Opening {
  readonly #anchor: string;
  readonly #maxBefore: number;
  #text = "";
  /** For each character of `#text`, the index after it in the answer. */
  readonly #ends: number[] = [];
  #received = 0;

  constructor(anchor: string) {
    this.#anchor = anchor.replaceAll(/\s+/g, "");
    // A shorter anchor could occur anywhere: the new answer must begin with it.
    this.#maxBefore = this.#anchor.length >= MIN_DISTINCT_CHARACTERS ? MAX_PREAMBLE : 0;
  }

  push(piece: string): void {
    for (let index = 0; index < piece.length && !this.#isFull; index++) {
      if (isSpace(piece, index)) continue;
      this.#text += piece.charAt(index);
      this.#ends.push(this.#received + index + 1);
    }
    this.#received += piece.length;
  }

  find(): Place {
    for (let at = this.#text.indexOf(this.#anchor); at >= 0; at = this.#text.indexOf(this.#anchor, at + 1)) {
      if (at > this.#maxBefore) return "nowhere";
      const after = at + this.#anchor.length;
      if (at > 0 && QUOTES.test(this.#text.charAt(at - 1))) {
        if (after === this.#text.length) return "undecided";
        // “Your answer ended with "…".” quotes the anchor and does not continue it.
        if (QUOTES.test(this.#text.charAt(after))) continue;
      }
      return this.#ends[after - 1] ?? "nowhere";
    }
    return this.#isFull ? "nowhere" : "undecided";
  }

  /** True if the text has one character more than preamble and anchor, for a closing quotation mark. */
  get #isFull(): boolean {
    return this.#text.length > this.#maxBefore + this.#anchor.length;
  }
}

/**
 * Joins a continuation to a partial text, so that white space at the end of the one and the start of the other appears
 * once. Leading white space is buffered until other text follows it.
 */
class WhitespaceJoin {
  readonly #trailing: string;
  #leading = "";
  #hasContent = false;

  constructor(partial: string) {
    this.#trailing = partial.slice(partial.trimEnd().length);
  }

  /** Takes the next piece. Returns the text to show. */
  push(piece: string): string {
    if (this.#hasContent) return piece;
    const content = piece.trimStart();
    this.#leading += piece.slice(0, piece.length - content.length);
    if (content === "") return "";
    this.#hasContent = true;
    return missingSpace(this.#trailing, this.#leading) + content;
  }
}

/** The white space to add to `shown`: the rest of `wanted`, or all of it if it has a line break that is missing. */
function missingSpace(shown: string, wanted: string): string {
  if (wanted.startsWith(shown)) return wanted.slice(shown.length);
  return wanted.includes("\n") && !shown.includes("\n") ? wanted : "";
}
