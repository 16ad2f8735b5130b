import morphdom from "morphdom";
import { label, settle } from "./dress.ts";
import { sanitize } from "./sanitize.ts";
import { splitAtSeams } from "./seamNote.ts";
import type { Seam } from "./seams.ts";
import { cut, openSeams, renderWhole, startOfText, type Tail } from "./tail.ts";

/**
 * Paints a growing Markdown text: finished blocks once and for good, and again and again only the open end.
 * (Painting all of a long text per chunk costs more with every chunk.)
 */
export class Painter {
  readonly #into: Element;
  #text = "";
  #seams: readonly Seam[] = [];
  #tail: Tail = startOfText;
  /** The HTML of the finished blocks, before they were dressed. */
  #finished: string[] = [];
  #open: Element[] = [];
  #whole = false;

  constructor(into: Element) {
    this.#into = into;
  }

  /** Shows a text, and a note at each of its seams (in their order); `whole` once nothing more will come. */
  paint(text: string, whole: boolean, seams: readonly Seam[] = []): void {
    const known = this.#seams;
    const isSame = known.every((seam, index) => isAlike(seam, seams[index]));
    if (text === this.#text && whole === this.#whole && isSame && known.length === seams.length) return;
    const added = seams.slice(known.length);
    const isLater = isSame && openSeams(added, this.#tail).length === added.length;
    if (this.#whole || !isLater || !text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    this.#seams = seams;
    this.#whole = whole;
    if (!whole) this.#paintTail();
    else this.#paintWhole();
  }

  #paintTail(): void {
    const { finished, open, tail } = cut(this.#text, this.#tail, this.#seams);
    const done = blocksOf(finished);
    const doneHtml = done.map((block) => block.outerHTML);
    const shown = [...done, ...blocksOf(open)];
    this.#show(shown);
    for (const block of this.#open.splice(0, done.length)) settle(block);
    this.#finished.push(...doneHtml);
    this.#tail = tail;
  }

  /** Once over all of it: what was defined late (reference links) takes effect, and the rest is left as it stands. */
  #paintWhole(): void {
    const blocks = blocksOf(renderWhole(this.#text, this.#seams));
    const html = blocks.map((block) => block.outerHTML);
    const same = html.findIndex((each, index) => each !== this.#finished[index]);
    const kept = same < 0 ? html.length : same;
    const surplus = [...this.#into.children].slice(kept, this.#finished.length);
    for (const block of surplus) block.remove();
    this.#finished = html;
    const rest = blocks.slice(kept);
    this.#show(rest);
    for (const block of this.#open) settle(block);
    this.#open = [];
  }

  /** Brings the open end to what it should be, changing no more of it than has changed. */
  #show(blocks: readonly Element[]): void {
    const holder = document.createElement("div");
    holder.append(...blocks);
    label(holder);
    for (const surplus of this.#open.slice(blocks.length)) surplus.remove();
    this.#open = blocks.map((block, index) => {
      const old = this.#open[index];
      if (old === undefined) {
        this.#into.append(block);
        return block;
      }
      if (old.localName !== block.localName) {
        old.replaceWith(block);
        return block;
      }
      morphdom(old, block);
      return old;
    });
  }

  #reset(): void {
    this.#into.replaceChildren();
    this.#tail = startOfText;
    this.#finished = [];
    this.#open = [];
  }
}

function blocksOf(html: string): Element[] {
  if (html === "") return [];
  const blocks = sanitize(html);
  splitAtSeams(blocks);
  return [...blocks.children];
}

function isAlike(seam: Seam, other: Seam | undefined): boolean {
  return seam.at === other?.at && seam.words === other.words;
}
