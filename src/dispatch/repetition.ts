/** Tells, while a new text streams, whether it begins with the whole of an old one. White space does not count. */
export class Repetition {
  readonly #old: string;
  #at = 0;
  #matched = 0;
  #isDeparted = false;

  constructor(old: string) {
    this.#old = old.trimEnd();
  }

  /** How many characters, white space aside, both have begun with until now. */
  get matched(): number {
    return this.#matched;
  }

  /** The new text says something else: it is no repetition. */
  get isDeparted(): boolean {
    return this.#isDeparted;
  }

  /** Takes the next piece of the new text. Returns where in it the old text is over, once it is. */
  push(piece: string): number | undefined {
    for (let index = 0; index < piece.length && !this.#isDeparted; index++) {
      if (isSpace(piece, index)) continue;
      while (isSpace(this.#old, this.#at)) this.#at++;
      if (piece.charCodeAt(index) !== this.#old.charCodeAt(this.#at)) {
        this.#isDeparted = true;
        return undefined;
      }
      this.#at++;
      this.#matched++;
      if (this.#at === this.#old.length) return index + 1;
    }
    return undefined;
  }
}

/** Whether there is white space at an index of a text. */
export function isSpace(text: string, index: number): boolean {
  return /\s/.test(text.charAt(index));
}
