/** Detects, while a new text streams, whether it begins with the whole of an earlier text. White space is ignored. */
export class PrefixEchoMatcher {
  readonly #earlier: string;
  #at = 0;
  #matchedCount = 0;
  #differs = false;

  constructor(earlier: string) {
    this.#earlier = earlier.trimEnd();
  }

  /** How many characters, white space aside, both texts have in common so far. */
  get matchedCount(): number {
    return this.#matchedCount;
  }

  /** True once the new text differs from the earlier one. */
  get differs(): boolean {
    return this.#differs;
  }

  /** Takes the next piece of the new text. Returns the index after the last repeated character once all are repeated. */
  push(piece: string): number | undefined {
    for (let index = 0; index < piece.length && !this.#differs; index++) {
      if (isSpace(piece, index)) continue;
      while (isSpace(this.#earlier, this.#at)) this.#at++;
      if (piece.charCodeAt(index) !== this.#earlier.charCodeAt(this.#at)) {
        this.#differs = true;
        return undefined;
      }
      this.#at++;
      this.#matchedCount++;
      if (this.#at === this.#earlier.length) return index + 1;
    }
    return undefined;
  }
}

/** Whether the character at an index of a text is white space. */
export function isSpace(text: string, index: number): boolean {
  return /\s/.test(text.charAt(index));
}
