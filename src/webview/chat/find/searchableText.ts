/** The text of an element as find sees it, and where it is in the document. */

/** Elements whose text is no part of what was written: buttons, icons, hidden names. */
const SKIPPED = "button, [role=toolbar], [aria-hidden=true], .sy-hidden-text, svg";

/** A match never reaches from one of these into the next. */
const BLOCKS = new Set(
  "P LI TD TH PRE DIV FIGCAPTION FIGURE BLOCKQUOTE H1 H2 H3 H4 H5 H6 SUMMARY DETAILS TR TABLE UL OL SECTION BR HR".split(
    " ",
  ),
);

/** A piece of the document's text that starts at an offset of the searchable one. */
type Piece = { readonly start: number; readonly node: Text };

export type SearchableText = {
  /** In lower case, with the same length as the document's text. */
  readonly text: string;
  readonly pieces: readonly Piece[];
};

/** Reads the text of an element. It takes about 1 ms for 1,000 nodes. */
export function searchableText(root: Element): SearchableText {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
    node instanceof Element && node.matches(SKIPPED) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
  );
  const pieces: Piece[] = [];
  let text = "";
  let block: Element | null = null;
  for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
    if (!(node instanceof Text)) {
      if (BLOCKS.has(node.nodeName)) block = null;
      continue;
    }
    const own = blockOf(node);
    if (own !== block && text !== "") text += "\n";
    block = own;
    pieces.push({ start: text.length, node });
    text += node.data;
  }
  return { text: inLowerCase(text), pieces };
}

function blockOf(node: Text): Element | null {
  let element = node.parentElement;
  while (element !== null && !BLOCKS.has(element.nodeName)) element = element.parentElement;
  return element;
}

/** A text in lower case that keeps its length, so that places in it stay. Some characters have longer lower cases. */
export function inLowerCase(text: string): string {
  const lower = text.toLowerCase();
  if (lower.length === text.length) return lower;
  return text.replace(/./gsu, (character) => {
    const each = character.toLowerCase();
    return each.length === character.length ? each : character;
  });
}

/** Returns the places of a text, in order. */
export function placesOf(text: string, sought: string): number[] {
  const places: number[] = [];
  for (let at = text.indexOf(sought); at >= 0; at = text.indexOf(sought, at + sought.length)) places.push(at);
  return places;
}

/** The ends of a part of the text, as nodes and offsets of the document. */
export function rangeOf({ pieces }: SearchableText, start: number, end: number): StaticRangeInit | undefined {
  const first = pieceAt(pieces, start);
  const last = pieceAt(pieces, end - 1);
  if (first === undefined || last === undefined) return undefined;
  return {
    startContainer: first.node,
    startOffset: start - first.start,
    endContainer: last.node,
    endOffset: end - last.start,
  };
}

/** The last piece that starts at an offset or before it. */
function pieceAt(pieces: readonly Piece[], offset: number): Piece | undefined {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return pieces[low];
}
