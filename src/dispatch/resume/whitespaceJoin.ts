/**
 * Joins a continuation to a partial text, so that white space at the end of the one and the start of the other appears
 * once. Leading white space is buffered until other text follows it.
 */
export class WhitespaceJoin {
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
