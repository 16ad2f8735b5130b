/**
 * Appends a continuation to a partial text so that white space which ends the one and begins the other appears once.
 * Leading white space is held back until something follows it.
 */
export class WhitespaceJoin {
  readonly #trailing: string;
  #leading = "";
  #hasContent = false;

  constructor(partial: string) {
    this.#trailing = partial.slice(partial.trimEnd().length);
  }

  /** What of the next piece is to be shown. */
  push(piece: string): string {
    if (this.#hasContent) return piece;
    const content = piece.trimStart();
    this.#leading += piece.slice(0, piece.length - content.length);
    if (content === "") return "";
    this.#hasContent = true;
    return missingSpace(this.#trailing, this.#leading) + content;
  }
}

/** The part of `wanted` that is not shown yet. Where the two differ, what is shown stays, unless a line break is missing. */
function missingSpace(shown: string, wanted: string): string {
  if (wanted.startsWith(shown)) return wanted.slice(shown.length);
  return wanted.includes("\n") && !shown.includes("\n") ? wanted : "";
}
