import morphdom from "morphdom";
import { isCodeToolbar } from "./codeTools.ts";
import { addLabels, decorate, decorateOpen } from "./decorate.ts";
import { type HandoffNote, splitParagraphsAtNotes } from "./handoffNotes.ts";
import { notesAfter, type Progress, parseStep, renderComplete, startOfText } from "./incremental.ts";
import { sanitize } from "./sanitize.ts";

/**
 * Shows a growing Markdown text. Finished blocks are rendered once; only the open end is rendered again with each
 * chunk. (Rendering the whole text for each chunk takes longer with every chunk.)
 */
export class Painter {
  readonly #container: Element;
  readonly #answerId: string;
  readonly #onFinished: (block: Element) => void;
  #text = "";
  #notes: readonly HandoffNote[] = [];
  #progress: Progress = startOfText;
  /** The HTML of the finished blocks, before they were decorated. */
  #finished: string[] = [];
  #open: Element[] = [];
  #isComplete = false;

  /** `answerId` makes the ids in the answer unique in the page. `onFinished` receives each block that will not change. */
  constructor(container: Element, answerId = "", onFinished: (block: Element) => void = () => {}) {
    this.#container = container;
    this.#answerId = answerId;
    this.#onFinished = onFinished;
  }

  /** Shows a text with its notes, which are in order of their places. `isComplete`: no more text will follow. */
  paint(text: string, isComplete: boolean, notes: readonly HandoffNote[] = []): void {
    const known = this.#notes;
    const keepsNotes = known.every((note, index) => isSameNote(note, notes[index]));
    const hasSameNotes = keepsNotes && known.length === notes.length;
    if (text === this.#text && isComplete === this.#isComplete && hasSameNotes) return;
    const added = notes.slice(known.length);
    const onlyAppends = keepsNotes && notesAfter(added, this.#progress).length === added.length;
    if (this.#isComplete || !onlyAppends || !text.startsWith(this.#text)) this.#reset();
    this.#text = text;
    this.#notes = notes;
    this.#isComplete = isComplete;
    if (isComplete) this.#paintComplete();
    else this.#paintEnd();
  }

  #paintEnd(): void {
    const { finished, open, progress } = parseStep(this.#text, this.#progress, this.#notes);
    const done = blocksOf(finished);
    const doneHtml = done.map((block) => block.outerHTML);
    this.#show([...done, ...blocksOf(open)]);
    for (const block of this.#open.splice(0, done.length)) this.#finish(block);
    for (const block of this.#open) decorateOpen(block);
    this.#finished.push(...doneHtml);
    this.#progress = progress;
  }

  /** Renders the whole text again, for link definitions that arrived late. Keeps the blocks that did not change. */
  #paintComplete(): void {
    const blocks = blocksOf(renderComplete(this.#text, this.#notes, this.#answerId));
    const html = blocks.map((block) => block.outerHTML);
    const isChanged = html.map((block, index) => block !== this.#finished[index]);
    const old = [...this.#container.children];
    for (const surplus of old.slice(blocks.length)) surplus.remove();
    label(blocks.filter((_, index) => isChanged[index]));
    for (const [index, block] of blocks.entries()) {
      if (isChanged[index]) this.#finish(this.#put(block, old[index]));
    }
    this.#finished = html;
    this.#open = [];
  }

  /** Replaces the open blocks. */
  #show(blocks: readonly Element[]): void {
    label(blocks);
    for (const surplus of this.#open.slice(blocks.length)) surplus.remove();
    this.#open = blocks.map((block, index) => this.#put(block, this.#open[index]));
  }

  /** Shows a block in place of an old one, of which only the parts that differ are changed. @returns what is shown */
  #put(block: Element, old: Element | undefined): Element {
    if (old === undefined) this.#container.append(block);
    else if (old.localName !== block.localName) old.replaceWith(block);
    else {
      morphdom(old, block, {
        onBeforeElUpdated: keepState,
        onBeforeNodeDiscarded: (node) => !isCodeToolbar(node),
      });
      return old;
    }
    return block;
  }

  #finish(block: Element): void {
    decorate(block);
    this.#onFinished(block);
  }

  #reset(): void {
    this.#container.replaceChildren();
    this.#progress = startOfText;
    this.#finished = [];
    this.#open = [];
  }
}

function blocksOf(html: string): Element[] {
  if (html === "") return [];
  const blocks = sanitize(html);
  splitParagraphsAtNotes(blocks);
  return [...blocks.children];
}

function label(blocks: readonly Element[]): void {
  const holder = document.createElement("div");
  holder.append(...blocks);
  addLabels(holder);
}

/** Keeps what the parser does not know: the colours of code, and whether the user has opened details. */
function keepState(old: HTMLElement, next: HTMLElement): boolean {
  if (old instanceof HTMLDetailsElement) next.toggleAttribute("open", old.open);
  return !(
    old.matches("pre > code") &&
    old.className === next.className &&
    old.textContent === next.textContent
  );
}

function isSameNote(note: HandoffNote, other: HandoffNote | undefined): boolean {
  return note.at === other?.at && note.text === other.text;
}
