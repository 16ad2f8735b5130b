/**
 * Lays what goes on behind what was torn: white space that both have at the seam is there once. White space is kept back
 * until something follows it.
 */
export class WhiteSeam {
  readonly #before: string;
  #leading = "";
  #isPast = false;

  constructor(torn: string) {
    this.#before = torn.slice(torn.trimEnd().length);
  }

  /** What is to be shown of the next piece. */
  push(piece: string): string {
    if (this.#isPast) return piece;
    const content = piece.trimStart();
    this.#leading += piece.slice(0, piece.length - content.length);
    if (content === "") return "";
    this.#isPast = true;
    return missing(this.#before, this.#leading) + content;
  }
}

/** What of `wanted` is not there yet. Where they differ, what was shown stands, unless a new line is wanted. */
function missing(before: string, wanted: string): string {
  if (wanted.startsWith(before)) return wanted.slice(before.length);
  return wanted.includes("\n") && !before.includes("\n") ? wanted : "";
}
