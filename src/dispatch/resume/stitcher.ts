import { anchorOf, MIN_DISTINCT_CHARACTERS } from "./anchor.ts";
import { isSpace, PrefixEchoMatcher } from "./prefixEcho.ts";
import { WhitespaceJoin } from "./whitespaceJoin.ts";

/** Finds where a new answer continues a partial one, while it streams; holds back what it cannot place yet. */
export type Stitcher = {
  /** What of the next piece of the new answer is to be shown; undefined once it is certain that it continues nothing. */
  push(piece: string): string | undefined;
  /** The new answer's text is complete: what is left to show, or undefined where it continues nothing. */
  end(): string | undefined;
};

/** A model that repeats more characters of the beginning than this and then differs did not continue: it started over. */
const MAX_COINCIDENCE = 40;

/** What may precede the anchor: a polite phrase, a reopened code fence, a table's head. In characters without white space. */
const MAX_PREAMBLE = 400;

/**
 * For a model that continues the text itself: its answer is taken as it comes. Some servers repeat the beginning first,
 * which is dropped; an answer that repeats a part of it and then differs has started over, and continues nothing. A few
 * characters that are repeated may be an echo or may be meant (“1” and “10”): that cannot be decided, and continues
 * nothing either.
 */
export function prefillStitcher(partial: string): Stitcher {
  const echo = new PrefixEchoMatcher(partial);
  return new SearchingStitcher(partial, (piece, held, isComplete) => {
    const end = echo.push(piece);
    if (end !== undefined) {
      return echo.matchedCount < MIN_DISTINCT_CHARACTERS ? "nowhere" : held.length - piece.length + end;
    }
    if (!echo.differs && !isComplete) return "undecided";
    return echo.matchedCount > MAX_COINCIDENCE ? "nowhere" : 0;
  });
}

/**
 * For a model that was asked to begin with the partial answer's last words (see `anchorOf`): the text after them
 * continues it, or the text after the whole beginning, where that is repeated.
 */
export function anchorStitcher(partial: string): Stitcher {
  const echo = new PrefixEchoMatcher(partial);
  const opening = new Opening(anchorOf(partial));
  return new SearchingStitcher(partial, (piece, held, isComplete) => {
    const end = echo.differs ? undefined : echo.push(piece);
    if (end !== undefined) return held.length - piece.length + end;
    opening.push(piece);
    // Repetitive text may contain the anchor and also be the whole beginning: the longer match decides.
    if (!echo.differs && !isComplete) return "undecided";
    const place = opening.find();
    return place === "undecided" && isComplete ? "nowhere" : place;
  });
}

const QUOTES = /["'`“”„‘’«»]/;

/** Where the new text begins in everything received so far. */
type Place = number | "undecided" | "nowhere";

/** Looks at the next piece and at everything held, the piece included; `isComplete`: nothing follows, so it must decide. */
type Search = (piece: string, held: string, isComplete: boolean) => Place;

/** Holds pieces back until a search finds where the new text begins. */
class SearchingStitcher implements Stitcher {
  readonly #join: WhitespaceJoin;
  readonly #search: Search;
  #held = "";
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
        this.#held += piece;
        return this.#decide(this.#search(piece, this.#held, false));
    }
  }

  end(): string | undefined {
    if (this.#state !== "searching") return this.#state === "found" ? "" : undefined;
    // Nothing was received that could be in the wrong place.
    return this.#decide(this.#held.trim() === "" ? 0 : this.#search("", this.#held, true));
  }

  #decide(place: Place): string | undefined {
    if (place === "undecided") return "";
    const rest = place === "nowhere" ? undefined : this.#held.slice(place);
    this.#state = rest === undefined ? "failed" : "found";
    this.#held = "";
    return rest === undefined ? undefined : this.#join.push(rest);
  }
}

/** The opening of a new answer, in which the anchor is searched; white space is ignored. */
class Opening {
  readonly #anchor: string;
  readonly #maxBefore: number;
  #text = "";
  /** For each character of `#text`, the index after it in the answer as it came. */
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
      const after = at + this.#anchor.length;
      if (at > 0 && QUOTES.test(this.#text.charAt(at - 1))) {
        if (after === this.#text.length) return "undecided";
        // “Your answer ended with "…".” only quotes it.
        if (QUOTES.test(this.#text.charAt(after))) continue;
      }
      return this.#ends[after - 1] ?? "nowhere";
    }
    return this.#isFull ? "nowhere" : "undecided";
  }

  /** One character more than the preamble and the anchor: a closing quotation mark. */
  get #isFull(): boolean {
    return this.#text.length > this.#maxBefore + this.#anchor.length;
  }
}
