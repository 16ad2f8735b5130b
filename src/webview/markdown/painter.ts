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
  #text = "";
  #notes: readonly HandoffNote[] = [];
  #progress: Progress = startOfText;
  /** The HTML of the finished blocks, before they were decorated. */
  #finished: string[] = [];
  #open: Element[] = [];
  #isComplete = false;

  constructor(container: Element) {
    this.#container = container;
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
    for (const block of this.#open.splice(0, done.length)) decorate(block);
    for (const block of this.#open) decorateOpen(block);
    this.#finished.push(...doneHtml);
    this.#progress = progress;
  }

  /** Renders the whole text again, for link definitions that arrived late. Keeps the blocks that did not change. */
  #paintComplete(): void {
    const blocks = blocksOf(renderComplete(this.#text, this.#notes));
    const html = blocks.map((block) => block.outerHTML);
    const firstChanged = html.findIndex((block, index) => block !== this.#finished[index]);
    const kept = firstChanged < 0 ? html.length : firstChanged;
    for (const block of [...this.#container.children].slice(kept, this.#finished.length)) block.remove();
    this.#finished = html;
    this.#show(blocks.slice(kept));
    for (const block of this.#open) decorate(block);
    this.#open = [];
  }

  /** Replaces the open blocks, and changes only those parts of them that differ. */
  #show(blocks: readonly Element[]): void {
    const holder = document.createElement("div");
    holder.append(...blocks);
    addLabels(holder);
    for (const surplus of this.#open.slice(blocks.length)) surplus.remove();
    this.#open = blocks.map((block, index) => {
      const old = this.#open[index];
      if (old === undefined) {
        this.#container.append(block);
        return block;
      }
      if (old.localName !== block.localName) {
        old.replaceWith(block);
        return block;
      }
      morphdom(old, block, { onBeforeNodeDiscarded: (node) => !isCodeToolbar(node) });
      return old;
    });
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

function isSameNote(note: HandoffNote, other: HandoffNote | undefined): boolean {
  return note.at === other?.at && note.text === other.text;
}
