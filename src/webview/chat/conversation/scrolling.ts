import type { ReadingPosition } from "../../../contract/view/inputMessages.ts";
import type { Cancel, Scheduler } from "../../scheduler.ts";
import type { Store } from "../state/store.ts";
import { GROUP_TURNS } from "./turnFilling.ts";

type FollowState = { readonly following: boolean; readonly newBelow: boolean };

/** What a user scrolls with. */
const userEvents = ["wheel", "touchmove", "pointerdown", "keydown", "focusin"] as const;

/** The groups of turns in the conversation, and the prompts and answers in a group. */
const GROUPS = ":scope > .sy-turns";
const ARTICLES = ":scope > article";
const GROUP_ARTICLES = 2 * GROUP_TURNS;

/** A distance from the end, in pixels, that counts as the end. */
const END_TOLERANCE = 4;

/**
 * Keeps the end of a growing conversation in view until the user scrolls up. Scrolling back to the end, or
 * `scrollToEnd`, resumes it. Reports when new text is below the visible part.
 */
export class ScrollFollower {
  readonly #scroller: HTMLElement;
  readonly #content: HTMLElement;
  readonly #scheduler: Scheduler;
  readonly #onChange: (state: FollowState) => void;
  readonly #observer: ResizeObserver;
  #following = true;
  /** A saved position, kept until the user scrolls: turns that come into view are laid out then, and change in size. */
  #restored: ReadingPosition | undefined;
  #cancelRestoring: Cancel = () => {};
  #newBelow = false;
  #top = 0;
  #height = 0;

  constructor(
    scroller: HTMLElement,
    content: HTMLElement,
    scheduler: Scheduler,
    onChange: (state: FollowState) => void,
  ) {
    this.#scroller = scroller;
    this.#content = content;
    this.#scheduler = scheduler;
    this.#onChange = onChange;
    this.#observer = new ResizeObserver(() => this.#onResize());
    this.#observer.observe(content);
    this.#observer.observe(scroller);
    scroller.addEventListener("scroll", this.#onScroll, { passive: true });
    for (const event of userEvents) scroller.addEventListener(event, this.#onUser, { passive: true });
  }

  /** What is at the upper edge. */
  get position(): ReadingPosition {
    if (this.#restored !== undefined) return this.#restored;
    const { scrollTop } = this.#scroller;
    const begins = (element: Element) => this.#fromStart(element) <= scrollTop;
    // The groups first: asking where an article is lays out its group.
    const groups = this.#groups();
    const number = groups.findLastIndex(begins);
    const articles = articlesOf(groups[number]);
    const index = articles.findLastIndex(begins);
    const element = articles[Math.max(0, index)] ?? groups[number];
    if (element === undefined) return { article: 0, offset: scrollTop };
    const article = number * GROUP_ARTICLES + Math.max(0, index);
    return { article, offset: scrollTop - this.#fromStart(element) };
  }

  scrollToEnd(): void {
    this.#restored = undefined;
    this.#set(true, false);
    this.#pin();
  }

  /** Stops following: the user opened something, which is about to grow. */
  stopFollowing(): void {
    this.#restored = undefined;
    this.#set(false, false);
  }

  /** Scrolls to a saved reading position. */
  restorePosition(position: ReadingPosition): void {
    this.#restored = position;
    this.#cancelRestoring();
    this.#cancelRestoring = scrollInFrames(this.#scheduler, () => {
      if (this.#restored !== undefined) this.#scrollToRestored(this.#restored);
    });
    this.#height = this.#scroller.scrollHeight;
    this.#set(false, false);
  }

  dispose(): void {
    this.#cancelRestoring();
    this.#observer.disconnect();
    this.#scroller.removeEventListener("scroll", this.#onScroll);
    for (const event of userEvents) this.#scroller.removeEventListener(event, this.#onUser);
  }

  readonly #onUser = (): void => {
    this.#restored = undefined;
  };

  readonly #onScroll = (): void => {
    if (this.#restored !== undefined) return;
    const movedUp = this.#scroller.scrollTop < this.#top;
    this.#top = this.#scroller.scrollTop;
    // Checked first: content that shrinks also moves the view up, but leaves it at the end.
    if (this.#distanceToEnd() < END_TOLERANCE) this.#set(true, false);
    else if (movedUp) this.#set(false, this.#newBelow);
    else this.#onChange({ following: this.#following, newBelow: this.#newBelow });
  };

  #onResize(): void {
    const hasGrown = this.#scroller.scrollHeight > this.#height;
    this.#height = this.#scroller.scrollHeight;
    if (this.#restored !== undefined) this.#scrollToRestored(this.#restored);
    if (this.#following) this.#pin();
    else if (hasGrown && this.#distanceToEnd() >= END_TOLERANCE) this.#set(false, true);
  }

  #pin(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
    this.#height = this.#scroller.scrollHeight;
  }

  #scrollToRestored({ article, offset }: ReadingPosition): void {
    const group = this.#groups()[Math.floor(article / GROUP_ARTICLES)];
    const restored = articlesOf(group)[article % GROUP_ARTICLES] ?? group;
    if (restored !== undefined && scrollToUnlaid(this.#scroller, restored)) return;
    this.#scroller.scrollTop = (restored === undefined ? 0 : this.#fromStart(restored)) + offset;
    this.#top = this.#scroller.scrollTop;
  }

  #groups(): readonly HTMLElement[] {
    return [...this.#content.querySelectorAll<HTMLElement>(GROUPS)];
  }

  /** The distance of an element from the start of the content. */
  #fromStart(element: Element): number {
    return element.getBoundingClientRect().top - this.#content.getBoundingClientRect().top;
  }

  #distanceToEnd(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #set(following: boolean, newBelow: boolean): void {
    this.#following = following;
    this.#newBelow = newBelow;
    this.#onChange({ following, newBelow });
  }
}

/** The prompts and answers of a group; none while it is not filled. */
function articlesOf(group: Element | undefined): readonly Element[] {
  return [...(group?.querySelectorAll(ARTICLES) ?? [])];
}

/** Dispatched before a part of the conversation expands, so that the conversation stops following its end. */
export const expandEvent = "sy-expand";

export function announceExpansion(element: Element | null): void {
  element?.dispatchEvent(new CustomEvent(expandEvent, { bubbles: true }));
}

/** How much of an expanded panel, in pixels, is enough to begin reading. */
const READABLE_PX = 160;

/**
 * Scrolls an expanded panel into view if too little of it is visible; if it is taller than the view, its start. Otherwise
 * nothing moves: the user reads on where the line was.
 */
export function revealPanel(line: HTMLElement, panel: HTMLElement): void {
  const log = line.closest(".sy-log");
  if (log === null) return;
  const visible = log.getBoundingClientRect().bottom - panel.getBoundingClientRect().top;
  if (visible >= Math.min(panel.offsetHeight, READABLE_PX)) return;
  const fits = panel.offsetHeight + line.offsetHeight < log.clientHeight;
  if (fits) panel.scrollIntoView({ block: "nearest" });
  else scrollToTop(log, line);
}

/**
 * Scrolls so that the element is at the upper edge. `scrollIntoView` would also move the whole view by some pixels, because
 * it scrolls the documents that VS Code has around it.
 */
function scrollToTop(log: Element, element: Element): void {
  log.scrollTop += element.getBoundingClientRect().top - log.getBoundingClientRect().top;
}

/** In so many frames what comes into view is laid out: a group of turns, a turn in it, a part of the answer, lines of code. */
const LAYOUT_FRAMES = 12;

/** Scrolls now and in the next frames: what comes into view is laid out only then, and changes in size. */
export function scrollInFrames(scheduler: Scheduler, scroll: () => void): Cancel {
  let framesLeft = LAYOUT_FRAMES;
  let cancel: Cancel = () => {};
  const step = () => {
    scroll();
    framesLeft -= 1;
    if (framesLeft > 0) cancel = scheduler.nextFrame(step);
  };
  step();
  return () => cancel();
}

/**
 * Scrolls to the outermost part around an element that is not laid out, if there is one (`content-visibility`). The part has
 * its real size in the next frame; before that, the element may seem to be far outside of it.
 */
export function scrollToUnlaid(log: Element, element: Element): boolean {
  let unlaid: Element | null = null;
  for (let each: Element | null = element; each !== null && each !== log; each = each.parentElement) {
    // Only browsers have it, as they have layout.
    if (each.checkVisibility?.({ contentVisibilityAuto: true }) === false) unlaid = each.parentElement;
  }
  if (unlaid !== null) scrollToTop(log, unlaid);
  return unlaid !== null;
}

/**
 * Scrolls to the answer of a turn, which takes the focus. What is not filled yet is filled when it comes near the visible
 * part.
 * @param within an element of the view
 */
export function revealTurn(within: HTMLElement, turnId: string, store: Store): void {
  const log = within.closest(".sy-chat")?.querySelector<HTMLElement>(".sy-log");
  const place = store.turns.peek().findIndex(({ id }) => id === turnId);
  const group = log?.querySelectorAll<HTMLElement>(".sy-turns")[Math.floor(place / GROUP_TURNS)];
  const model = store.turns.peek()[place];
  if (!log || !group || model === undefined) return;
  announceExpansion(group);
  scrollToTop(log, group);
  const reveal = () => {
    const answer = log.querySelector<HTMLElement>(`article[data-turn="${CSS.escape(turnId)}"]`);
    if (answer === null) return;
    scrollInFrames(store.scheduler, () => {
      if (!scrollToUnlaid(log, answer)) scrollToTop(log, answer);
    });
    answer.focus({ preventScroll: true });
  };
  if (model.isFilled.peek()) {
    reveal();
    return;
  }
  const stop = model.isFilled.subscribe((isFilled) => {
    if (!isFilled) return;
    // It is rendered before the next frame.
    store.scheduler.nextFrame(() => {
      stop();
      reveal();
    });
  });
}
