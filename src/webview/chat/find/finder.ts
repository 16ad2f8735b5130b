import type { Cancel, Scheduler } from "../../scheduler.ts";
import { announceExpansion, scrollInFrames, scrollToUnlaid } from "../conversation/scrolling.ts";
import { inLowerCase, placesOf, rangeOf, type SearchableText, searchableText } from "./searchableText.ts";

/** What is searched: prompts and answers, without what the view adds to them. */
const SEARCHED = ".sy-prompt-text, .sy-md";

/** One search works for this long in a frame, so that the view stays responsive. */
const SLICE_MS = 8;

/** The search runs again this long after the conversation has changed. */
const REFRESH_AFTER_MS = 300;

/** More matches are neither counted nor marked. */
export const MOST_MATCHES = 10_000;

const ALL_MARKS = "sy-find";
const CURRENT_MARK = "sy-find-current";

export type FindResult = {
  readonly count: number;
  /** The number of the current match, from 1; 0 if there is none. */
  readonly current: number;
};

type Match = { readonly element: Element; readonly start: number };

/**
 * Finds text in the conversation. Matches are marked by the CSS Custom Highlight API, which changes nothing in the
 * document. It works with turns that are not laid out (`content-visibility`), and with what is collapsed.
 */
export class Finder {
  readonly #log: HTMLElement;
  readonly #scheduler: Scheduler;
  readonly #onResult: (result: FindResult) => void;
  readonly #observer: MutationObserver;
  /** The texts of the elements, until they change. */
  readonly #texts = new Map<Element, SearchableText>();
  #sought = "";
  #matches: readonly Match[] = [];
  #current = -1;
  #cancelSearch: Cancel = () => {};
  #cancelRefresh: Cancel | undefined;
  #cancelScroll: Cancel = () => {};

  constructor(log: HTMLElement, scheduler: Scheduler, onResult: (result: FindResult) => void) {
    this.#log = log;
    this.#scheduler = scheduler;
    this.#onResult = onResult;
    this.#observer = new MutationObserver((records) => this.#onChange(records));
    this.#observer.observe(log, { subtree: true, childList: true, characterData: true });
  }

  /** Marks what is found, and shows the first match from the current one on, else from the upper edge of the view on. */
  search(query: string): void {
    this.#sought = inLowerCase(query);
    const from = this.#matches[this.#current] ?? this.#atUpperEdge();
    this.#find((matches) => {
      const next = from === undefined ? 0 : matches.findIndex((match) => isAtOrAfter(match, from));
      this.#setMatches(matches, Math.max(0, next));
      this.#reveal();
    });
  }

  /** Shows the next match, or the one before. After the last one comes the first. */
  move(by: 1 | -1): void {
    const { length } = this.#matches;
    if (length === 0) return;
    this.#setMatches(this.#matches, (this.#current + by + length) % length);
    this.#reveal();
  }

  /** Removes all marks. */
  dispose(): void {
    this.#observer.disconnect();
    this.#cancelSearch();
    this.#cancelRefresh?.();
    this.#cancelScroll();
    this.#mark([]);
  }

  /** Searches in slices, one in each frame. A search that is still running is given up. */
  #find(onEnd: (matches: readonly Match[]) => void): void {
    this.#cancelSearch();
    const elements = this.#sought === "" ? [] : [...this.#log.querySelectorAll(SEARCHED)];
    const matches: Match[] = [];
    let next = 0;
    const work = (): void => {
      const endMs = this.#scheduler.elapsedMs() + SLICE_MS;
      while (next < elements.length && matches.length < MOST_MATCHES) {
        const element = elements[next++];
        if (element === undefined) break;
        for (const start of placesOf(this.#textOf(element).text, this.#sought))
          matches.push({ element, start });
        if (this.#scheduler.elapsedMs() > endMs) {
          this.#cancelSearch = this.#scheduler.nextFrame(work);
          return;
        }
      }
      onEnd(matches.slice(0, MOST_MATCHES));
    };
    work();
  }

  #textOf(element: Element): SearchableText {
    const known = this.#texts.get(element);
    if (known !== undefined) return known;
    const text = searchableText(element);
    this.#texts.set(element, text);
    return text;
  }

  #setMatches(matches: readonly Match[], current: number): void {
    this.#matches = matches;
    this.#current = matches.length === 0 ? -1 : Math.min(current, matches.length - 1);
    this.#mark(matches);
    this.#onResult({ count: matches.length, current: this.#current + 1 });
  }

  #mark(matches: readonly Match[]): void {
    // Only browsers have it: a test without one sees no marks.
    const highlights: HighlightRegistry | undefined = CSS.highlights;
    if (highlights === undefined) return;
    const current = this.#matches[this.#current];
    const ranges = matches.filter((match) => match !== current).flatMap((match) => this.#staticRange(match));
    if (matches.length === 0 || current === undefined) {
      highlights.delete(ALL_MARKS);
      highlights.delete(CURRENT_MARK);
      return;
    }
    highlights.set(ALL_MARKS, new Highlight(...ranges));
    highlights.set(CURRENT_MARK, new Highlight(...this.#staticRange(current)));
  }

  /** Static, because the browser updates every other range at each change of the document. */
  #staticRange(match: Match): StaticRange[] {
    const range = this.#rangeOf(match);
    return range === undefined ? [] : [new StaticRange(range)];
  }

  #rangeOf({ element, start }: Match): StaticRangeInit | undefined {
    return rangeOf(this.#textOf(element), start, start + this.#sought.length);
  }

  /** Scrolls to the current match, and opens what hides it. */
  #reveal(): void {
    const match = this.#matches[this.#current];
    const node = match && this.#rangeOf(match)?.startContainer;
    const parent = node?.parentElement;
    if (!parent) return;
    announceExpansion(parent);
    for (let each = parent.closest("details"); each; each = each.parentElement?.closest("details") ?? null) {
      each.open = true;
    }
    const hidden = parent.closest("[hidden]");
    if (hidden !== null) {
      // As the browser's own find does: the text is shown in the next frame, in an element of its own.
      hidden.dispatchEvent(new Event("beforematch", { bubbles: true }));
      this.#cancelScroll = this.#scheduler.nextFrame(() => this.#refresh(() => this.#scrollToCurrent()));
      return;
    }
    this.#scrollToCurrent();
  }

  #scrollToCurrent(): void {
    this.#cancelScroll();
    this.#cancelScroll = scrollInFrames(this.#scheduler, () => this.#scrollIntoView());
  }

  #scrollIntoView(): void {
    const match = this.#matches[this.#current];
    const range = match && this.#rangeOf(match);
    const parent = range?.startContainer.parentElement;
    if (range === undefined || !parent || scrollToUnlaid(this.#log, parent)) return;
    const live = document.createRange();
    live.setStart(range.startContainer, range.startOffset);
    live.setEnd(range.endContainer, range.endOffset);
    const place = live.getBoundingClientRect();
    const view = this.#log.getBoundingClientRect();
    if (place.height > 0 && place.top >= view.top && place.bottom <= view.bottom) return;
    if (place.height > 0) this.#log.scrollTop += place.top - view.top - view.height / 3;
    else parent.scrollIntoView({ block: "center" });
  }

  /** The first turn that is not above the visible part. */
  #atUpperEdge(): Match | undefined {
    const { top } = this.#log.getBoundingClientRect();
    const isVisible = (element: Element) => element.getBoundingClientRect().bottom > top;
    // The groups first: asking where an article is lays out its group.
    const group = [...this.#log.querySelectorAll(".sy-turns")].find(isVisible);
    const element = [...(group?.querySelectorAll("article") ?? [])].find(isVisible) ?? group;
    return element && { element, start: 0 };
  }

  #onChange(records: readonly MutationRecord[]): void {
    for (const { target } of records) {
      const element = target instanceof Element ? target : target.parentElement;
      const changed = element?.closest(SEARCHED);
      if (changed) this.#texts.delete(changed);
    }
    // Not at a pause: an answer that is written, and turns that are filled, change the conversation all the time.
    this.#cancelRefresh ??= this.#scheduler.after(REFRESH_AFTER_MS, () => {
      this.#cancelRefresh = undefined;
      this.#refresh(() => {});
    });
  }

  /** Searches again. The current match stays the same, or keeps its number if it is gone, and nothing scrolls. */
  #refresh(onEnd: () => void): void {
    for (const element of this.#texts.keys()) if (!element.isConnected) this.#texts.delete(element);
    this.#find((matches) => {
      const before = this.#matches[this.#current];
      const same = matches.findIndex(
        (match) => match.element === before?.element && match.start === before.start,
      );
      this.#setMatches(matches, same >= 0 ? same : Math.max(0, this.#current));
      onEnd();
    });
  }
}

function isAtOrAfter(match: Match, from: Match): boolean {
  if (match.element === from.element) return match.start >= from.start;
  const position = from.element.compareDocumentPosition(match.element);
  return (position & (Node.DOCUMENT_POSITION_FOLLOWING | Node.DOCUMENT_POSITION_CONTAINED_BY)) !== 0;
}
