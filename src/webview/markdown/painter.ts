import morphdom from "morphdom";
import { isCodeToolbar } from "./code/codeTools.ts";
import { forgetCode, growCode, isShownCode } from "./code/growingCode.ts";
import { addLabels, decorate, decorateOpen } from "./decorate.ts";
import { forgetFormula, showsFormula } from "./formulas/shownFormulas.ts";
import { beginsWith, type GrowingText, growingText, lengthOf, wholeText } from "./growingText.ts";
import { type HandoffNote, hasNotes, splitParagraphsAtNotes } from "./handoffNotes.ts";
import {
  isRenderedByParts,
  notesAfter,
  type Progress,
  parseStep,
  renderComplete,
  type Step,
  startOfText,
} from "./incremental.ts";
import type { LongBlock } from "./long/longBlocks.ts";
import { LongElement } from "./long/longElement.ts";
import { groupParts } from "./long/longGroups.ts";
import { sanitize } from "./sanitize.ts";

/**
 * So many blocks of an answer have a place in it by themselves. The later ones are in parts of as many blocks, which are not
 * laid out while they are far outside the view: what a chunk costs does not grow with the answer (`npm run bench streaming`).
 */
const PART_BLOCKS = 16;
const PART_CLASS = "sy-md-part";

/**
 * Shows a growing Markdown text. Finished blocks are rendered once; only the open end is rendered again with each
 * chunk. (Rendering the whole text for each chunk takes longer with every chunk.)
 */
export class Painter {
  readonly #container: Element;
  readonly #answerId: string;
  readonly #onFinished: (block: Element) => void;
  #text: GrowingText = growingText("");
  #notes: readonly HandoffNote[] = [];
  #progress: Progress = startOfText;
  /** The HTML of the finished blocks, before they were decorated; undefined for long ones. */
  #finished: (string | undefined)[] = [];
  #open: Element[] = [];
  /** The first open block, if it is so long that it is shown in parts. */
  #long: LongElement | undefined;
  #isComplete = false;

  /** `answerId` makes the ids in the answer unique in the page. `onFinished` receives each block that will not change. */
  constructor(container: Element, answerId = "", onFinished: (block: Element) => void = () => {}) {
    this.#container = container;
    this.#answerId = answerId;
    this.#onFinished = onFinished;
  }

  /** Shows a text with its notes, which are in order of their places. `isComplete`: no more text will follow. */
  paint(shown: GrowingText | string, isComplete: boolean, notes: readonly HandoffNote[] = []): void {
    const text = typeof shown === "string" ? growingText(shown) : shown;
    const known = this.#notes;
    const keepsNotes = known.every((note, index) => isSameNote(note, notes[index]));
    const hasSameNotes = keepsNotes && known.length === notes.length;
    const continuesText = beginsWith(text, this.#text);
    const hasSameText = continuesText && lengthOf(text) === lengthOf(this.#text);
    if (hasSameText && isComplete === this.#isComplete && hasSameNotes) return;
    const added = notes.slice(known.length);
    const onlyAppends = keepsNotes && notesAfter(added, this.#progress).length === added.length;
    if (this.#isComplete || !onlyAppends || !continuesText) this.#reset();
    this.#text = text;
    this.#notes = notes;
    this.#isComplete = isComplete;
    if (isComplete) this.#paintComplete();
    else this.#paintEnd();
  }

  #paintEnd(): void {
    this.#showStep(parseStep(this.#text, this.#progress, this.#notes));
  }

  #paintComplete(): void {
    if (isRenderedByParts(wholeText(this.#text), this.#progress)) {
      this.#showStep(parseStep(this.#text, this.#progress, this.#notes, true));
    } else this.#paintAll();
  }

  #showStep({ beginning, finished, open, progress, startsAgain }: Step): void {
    if (startsAgain) this.#long = undefined;
    const before = startsAgain ? undefined : this.#progress.long?.block;
    const [begun] = blocksOf(beginning);
    const done = blocksOf(finished);
    const doneHtml = done.map((block, index) => (before && index === 0 ? undefined : block.outerHTML));
    const [first, ...others] = [...done, ...blocksOf(open)];
    label([begun, first, ...others].filter((block) => block !== undefined));

    const old = this.#open;
    for (const surplus of old.slice(first ? others.length + 1 : 0)) remove(surplus);
    const shown = [
      ...(first ? [this.#showFirst(first, begun, old[0], before)] : []),
      ...others.map((block, index) => this.#put(block, old[index + 1])),
    ];
    for (const block of shown.splice(0, done.length)) this.#finish(block);
    if (done.length > 0) this.#long = undefined;
    this.#open = shown;
    for (const block of shown) if (block !== this.#long?.element) decorateOpen(block);
    this.#finished.push(...doneHtml);
    this.#progress = progress;
  }

  /** Shows the first open block. The rest of a long one goes after the parts of it that are done. */
  #showFirst(
    block: Element,
    begun: Element | undefined,
    old: Element | undefined,
    before: LongBlock | undefined,
  ): Element {
    const code = before?.kind === "fence" ? old?.querySelector("code") : undefined;
    if (old && code && before) {
      growCode(code, block.querySelector("code")?.textContent ?? "", before.codeLength);
      return old;
    }
    let done = begun;
    if (this.#long === undefined) {
      if (begun === undefined) return this.#put(block, old);
      this.#long = new LongElement(this.#finish(this.#put(begun, old)));
      done = undefined;
    }
    const parts = this.#long.show(done, block, replace);
    for (const part of parts.done) this.#finish(part);
    for (const part of parts.rest) decorateOpen(part);
    return this.#long.element;
  }

  /** Renders the whole text again, for link definitions that arrived late. Keeps the blocks that did not change. */
  #paintAll(): void {
    const blocks = blocksOf(renderComplete(wholeText(this.#text), this.#notes, this.#answerId));
    const html = blocks.map((block) => block.outerHTML);
    const isChanged = html.map((block, index) => block !== this.#finished[index]);
    const old = [...this.#container.children].flatMap((block) =>
      isPart(block) ? [...block.children] : [block],
    );
    for (const surplus of old.slice(blocks.length)) remove(surplus);
    label(blocks.filter((_, index) => isChanged[index]));
    for (const [index, block] of blocks.entries()) {
      if (isChanged[index]) this.#finish(this.#put(block, old[index]));
    }
    this.#finished = html;
    this.#open = [];
  }

  /** Shows a block in place of an old one, of which only the parts that differ are changed. @returns what is shown */
  #put(block: Element, old: Element | undefined): Element {
    if (old !== undefined) return replace(old, block);
    this.#placeOfNext().append(block);
    return block;
  }

  /** The element to which the next block is added. */
  #placeOfNext(): Element {
    const last = this.#container.lastElementChild;
    const place = last !== null && isPart(last) ? last : this.#container;
    if (place.childElementCount < PART_BLOCKS) return place;
    const part = document.createElement("div");
    part.className = PART_CLASS;
    this.#container.append(part);
    return part;
  }

  /** @returns what is shown in the place of the block */
  #finish(block: Element): Element {
    const shown = groupParts(block);
    decorate(shown);
    this.#onFinished(shown);
    return shown;
  }

  #reset(): void {
    this.#container.replaceChildren();
    this.#progress = startOfText;
    this.#finished = [];
    this.#open = [];
    this.#long = undefined;
  }
}

function isPart(element: Element): boolean {
  return element.className === PART_CLASS;
}

function remove(block: Element): void {
  const place = block.parentElement;
  block.remove();
  if (place !== null && isPart(place) && place.childElementCount === 0) place.remove();
}

function blocksOf(html: string): Element[] {
  if (html === "") return [];
  const blocks = sanitize(html);
  if (hasNotes(html)) splitParagraphsAtNotes(blocks);
  return [...blocks.children];
}

function label(blocks: readonly Element[]): void {
  const holder = document.createElement("div");
  holder.append(...blocks);
  addLabels(holder);
}

/** Puts a block in the place of an old one, of which only the parts that differ are changed. @returns what is shown */
function replace(old: Element, block: Element): Element {
  if (old.localName !== block.localName) {
    old.replaceWith(block);
    return block;
  }
  morphdom(old, block, {
    onBeforeElUpdated: keepState,
    onBeforeNodeDiscarded: (node) => !isCodeToolbar(node),
  });
  return old;
}

/** Keeps what the parser does not know: formulas, the colours of code, and whether the user has opened details. */
function keepState(old: HTMLElement, next: HTMLElement): boolean {
  if (old instanceof HTMLDetailsElement) next.toggleAttribute("open", old.open);
  if (showsFormula(old, next.textContent)) return !next.classList.contains("sy-formula");
  forgetFormula(old);
  if (!old.matches("pre > code")) return true;
  if (old.className !== next.className) forgetCode(old);
  else if (isShownCode(old)) growCode(old, next.textContent, 0);
  else return old.textContent !== next.textContent;
  return old.className !== next.className;
}

function isSameNote(note: HandoffNote, other: HandoffNote | undefined): boolean {
  return note.at === other?.at && note.text === other.text;
}
