import { anchorOf, LEAST_SURE_CHARACTERS } from "./anchor.ts";
import { isSpace, Repetition } from "./repetition.ts";
import { WhiteSeam } from "./whiteSeam.ts";

/** Finds where a new answer goes on with a torn one, while it streams; what it cannot place yet, it keeps back. */
export type Joint = {
  /** What of the next piece of the new answer is to be shown; undefined once it is sure that nothing joins the two. */
  push(piece: string): string | undefined;
  /** The new answer's text is over: what is left to be shown, or undefined where nothing joins the two. */
  end(): string | undefined;
};

/** A model that repeats more characters of the beginning than this, and then departs from it, did not continue: it began anew. */
const MOST_CHANCE_REPETITION = 40;

/** What may stand before the anchor: a courtesy, a code fence opened again, a table's head. In characters without white space. */
const MOST_PREAMBLE = 400;

/**
 * For a model that continues the text itself: its answer is taken as it comes. Some servers give the beginning back first,
 * which is dropped; one that gives back a part of it and then says something else has begun anew, which joins nothing.
 * Whether a few characters are given back, or come twice (“1” and “10”), nobody can tell: that joins nothing either.
 */
export function prefillJoint(torn: string): Joint {
  const repetition = new Repetition(torn);
  return new SearchingJoint(torn, (piece, held, isOver) => {
    const end = repetition.push(piece);
    if (end !== undefined)
      return repetition.matched < LEAST_SURE_CHARACTERS ? "nowhere" : held.length - piece.length + end;
    if (!repetition.isDeparted && !isOver) return "unsure";
    return repetition.matched > MOST_CHANCE_REPETITION ? "nowhere" : 0;
  });
}

/**
 * For a model that was asked to begin with the torn answer's last words (see `anchorOf`): what comes behind them goes on
 * with it; or behind the whole beginning, where it is repeated.
 */
export function anchorJoint(torn: string): Joint {
  const repetition = new Repetition(torn);
  const opening = new Opening(anchorOf(torn));
  return new SearchingJoint(torn, (piece, held, isOver) => {
    const end = repetition.isDeparted ? undefined : repetition.push(piece);
    if (end !== undefined) return held.length - piece.length + end;
    opening.push(piece);
    // Text that repeats itself may hold the anchor and be the beginning: what is longer, decides.
    if (!repetition.isDeparted && !isOver) return "unsure";
    const place = opening.find();
    return place === "unsure" && isOver ? "nowhere" : place;
  });
}

const QUOTES = /["'`“”„‘’«»]/;

/** Where what is new begins in all that has come until now. */
type Place = number | "unsure" | "nowhere";

/** Looks at the next piece and at all that is held, the piece included; `isOver`: nothing follows, so it must be sure. */
type Search = (piece: string, held: string, isOver: boolean) => Place;

/** Keeps pieces back until a search says where what is new begins. */
class SearchingJoint implements Joint {
  readonly #seam: WhiteSeam;
  readonly #search: Search;
  #held = "";
  #state: "searching" | "joined" | "apart" = "searching";

  constructor(torn: string, search: Search) {
    this.#seam = new WhiteSeam(torn);
    this.#search = search;
  }

  push(piece: string): string | undefined {
    switch (this.#state) {
      case "joined":
        return this.#seam.push(piece);
      case "apart":
        return undefined;
      case "searching":
        this.#held += piece;
        return this.#settle(this.#search(piece, this.#held, false));
    }
  }

  end(): string | undefined {
    if (this.#state !== "searching") return this.#state === "joined" ? "" : undefined;
    // Nothing was said that could be in the wrong place.
    return this.#settle(this.#held.trim() === "" ? 0 : this.#search("", this.#held, true));
  }

  #settle(place: Place): string | undefined {
    if (place === "unsure") return "";
    const rest = place === "nowhere" ? undefined : this.#held.slice(place);
    this.#state = rest === undefined ? "apart" : "joined";
    this.#held = "";
    return rest === undefined ? undefined : this.#seam.push(rest);
  }
}

/** The opening of a new answer, in which the anchor is looked for; white space does not count. */
class Opening {
  readonly #anchor: string;
  readonly #mostBefore: number;
  #text = "";
  /** Where each character of `#text` ends in the answer as it came. */
  readonly #ends: number[] = [];
  #taken = 0;

  constructor(anchor: string) {
    this.#anchor = anchor.replaceAll(/\s+/g, "");
    // A shorter anchor could stand anywhere: the new answer must begin with it.
    this.#mostBefore = this.#anchor.length >= LEAST_SURE_CHARACTERS ? MOST_PREAMBLE : 0;
  }

  push(piece: string): void {
    for (let index = 0; index < piece.length && !this.#isFull; index++) {
      if (isSpace(piece, index)) continue;
      this.#text += piece.charAt(index);
      this.#ends.push(this.#taken + index + 1);
    }
    this.#taken += piece.length;
  }

  find(): Place {
    for (let at = this.#text.indexOf(this.#anchor); at >= 0; at = this.#text.indexOf(this.#anchor, at + 1)) {
      const behind = at + this.#anchor.length;
      if (at > 0 && QUOTES.test(this.#text.charAt(at - 1))) {
        if (behind === this.#text.length) return "unsure";
        // “Your answer ended with "…".” only speaks of it.
        if (QUOTES.test(this.#text.charAt(behind))) continue;
      }
      return this.#ends[behind - 1] ?? "nowhere";
    }
    return this.#isFull ? "nowhere" : "unsure";
  }

  /** One more than can be before the anchor and in it: what closes a quotation. */
  get #isFull(): boolean {
    return this.#text.length > this.#mostBefore + this.#anchor.length;
  }
}
