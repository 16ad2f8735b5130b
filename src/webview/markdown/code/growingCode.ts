/**
 * The code of a block, coloured while it grows. Finished lines are coloured once and never touched again; only the last
 * lines, which may belong to a comment or a string that is still open, are coloured again with each paint.
 */
import { canColour, colour } from "./highlight.ts";

/**
 * Code is coloured in segments of 1, 2, 4, 8 … lines: the first in which everything that it opens is closed. A segment of
 * this many characters ends anyway, so that a paint takes no longer however long a comment is.
 */
const MAX_SEGMENT_LENGTH = 4000;
/** A longer line keeps one colour. */
const MAX_LINE_LENGTH = 5000;
/** Lines that are laid out together: the browser lays out those again that change. */
const GROUP_LINES = 50;
/** How much code is coloured at once when a long block comes into view; the rest follows in the next frames. */
const CODE_PER_FRAME = 10_000;

const diffLanguages: ReadonlySet<string> = new Set(["diff", "patch"]);
const codes = new WeakMap<Element, GrowingCode>();

/** Shows the end of a code that may still grow: what it is from the character `from` on. Earlier lines stay as they are. */
export function growCode(element: Element, text: string, from: number): void {
  const code = codes.get(element) ?? new GrowingCode(element);
  codes.set(element, code);
  code.setText(text, from);
  code.showFinishedLines(Number.POSITIVE_INFINITY);
  code.colourOpenLines();
}

/** Colours code that is complete: the first part at once, the rest in the next frames. */
export function finishCode(element: Element): void {
  const text = element.textContent;
  const code = codes.get(element) ?? new GrowingCode(element);
  codes.set(element, code);
  code.setText(text, 0);
  showInFrames(code);
}

/** Whether `growCode` or `finishCode` shows the code of this element. */
export function isShownCode(element: Element): boolean {
  return codes.has(element);
}

/** Forgets an element whose code is shown again from the start. */
export function forgetCode(element: Element): void {
  codes.delete(element);
}

function showInFrames(code: GrowingCode): void {
  if (code.showFinishedLines(CODE_PER_FRAME)) requestAnimationFrame(() => showInFrames(code));
  else code.showLastLines();
}

/** A part of the code as it stays. */
type Segment = { readonly text: string; readonly nodes: Node | string };

class GrowingCode {
  readonly #element: Element;
  readonly #language: string;
  /** The text of the segments that are shown as they stay, and the text after it. */
  #done = "";
  #rest = "";
  /** The lines that are laid out together, to which the next segment is added. */
  #group: Element | undefined;
  #groupLines = 0;
  /** Shows the text after the last segment. */
  readonly #restElement = document.createElement("span");
  /** How many finished lines the next segment needs: fewer leave open what they open. */
  #neededLines = 1;

  constructor(element: Element) {
    this.#element = element;
    this.#language = languageOf(element);
    element.replaceChildren();
  }

  setText(text: string, from: number): void {
    if (from === 0 && !text.startsWith(this.#done)) this.#reset();
    const start = this.#done.length;
    const rest = from > start ? this.#rest.slice(0, from - start) + text : text.slice(start - from);
    if (!rest.startsWith(this.#rest)) this.#neededLines = 1;
    this.#rest = rest;
  }

  /** Shows the finished lines as they stay. @returns whether some are left, because `limit` characters were shown */
  showFinishedLines(limit: number): boolean {
    const end = this.#done.length + limit;
    let segment = this.#nextSegment();
    while (segment !== undefined && this.#done.length < end) {
      this.#add(segment);
      segment = this.#nextSegment();
    }
    this.#showRest(this.#rest);
    return segment !== undefined;
  }

  /** Colours the finished lines of a segment that is not complete, for now. */
  colourOpenLines(): void {
    const end = this.#rest.lastIndexOf("\n") + 1;
    if (end === 0 || !canColour(this.#language)) return;
    this.#showRest(colour(this.#rest.slice(0, end), this.#language).nodes, this.#rest.slice(end));
  }

  /** Shows the last lines as they stay, because nothing will follow. */
  showLastLines(): void {
    const text = this.#rest;
    if (text !== "") this.#add({ text, nodes: this.#isColoured() ? this.#colour(text).nodes : text });
    this.#showRest();
  }

  #nextSegment(): Segment | undefined {
    const rest = this.#rest;
    const lineEnd = rest.indexOf("\n");
    if ((lineEnd < 0 ? rest.length : lineEnd) > MAX_LINE_LENGTH) {
      const text = rest.slice(0, MAX_LINE_LENGTH);
      return { text, nodes: text };
    }
    if (!this.#isColoured()) {
      const text = firstLines(rest, GROUP_LINES);
      return text === undefined ? undefined : { text, nodes: text };
    }
    for (let lines = this.#neededLines; ; lines *= 2) {
      this.#neededLines = lines;
      const text = firstLines(rest, lines);
      if (text === undefined) return undefined;
      const { nodes, isClosed } = this.#colour(text);
      if (isClosed || text.length >= MAX_SEGMENT_LENGTH) return { text, nodes };
    }
  }

  #isColoured(): boolean {
    return diffLanguages.has(this.#language) || canColour(this.#language);
  }

  #colour(text: string): { readonly nodes: Node; readonly isClosed: boolean } {
    return diffLanguages.has(this.#language)
      ? { nodes: diffLine(text), isClosed: true }
      : colour(text, this.#language);
  }

  #add({ text, nodes }: Segment): void {
    this.#neededLines = 1;
    this.#done += text;
    this.#rest = this.#rest.slice(text.length);
    this.#openGroup().append(nodes);
    this.#groupLines += text.split("\n").length - 1;
    if (this.#groupLines >= GROUP_LINES && text.endsWith("\n")) this.#group = undefined;
  }

  #showRest(...nodes: readonly (Node | string)[]): void {
    this.#restElement.replaceChildren(...nodes);
    if (this.#rest === "") this.#restElement.remove();
    else this.#openGroup().append(this.#restElement);
  }

  #openGroup(): Element {
    if (this.#group !== undefined) return this.#group;
    const group = document.createElement("span");
    group.className = "sy-lines";
    this.#element.append(group);
    this.#group = group;
    this.#groupLines = 0;
    return group;
  }

  #reset(): void {
    this.#element.replaceChildren();
    this.#done = "";
    this.#rest = "";
    this.#group = undefined;
    this.#neededLines = 1;
  }
}

function languageOf(element: Element): string {
  return /(?:^|\s)language-(\S+)/.exec(element.className)?.[1] ?? "";
}

/** The first lines of a text with their line breaks; undefined if it has fewer. */
function firstLines(text: string, count: number): string | undefined {
  let end = 0;
  for (let line = 0; line < count; line++) {
    end = text.indexOf("\n", end) + 1;
    if (end === 0) return undefined;
  }
  return text.slice(0, end);
}

/** A line of a diff. Its sign stays, so that colour is never the only sign. */
function diffLine(line: string): Node {
  const element = document.createElement("span");
  const kind = diffKind(line);
  if (kind !== undefined) element.className = `sy-diff sy-diff--${kind}`;
  element.append(line);
  return element;
}

function diffKind(line: string): "add" | "remove" | "place" | undefined {
  if (/^(?:\+\+\+|---) |^@@|^(?:diff|index) /.test(line)) return "place";
  if (line.startsWith("+")) return "add";
  return line.startsWith("-") ? "remove" : undefined;
}
