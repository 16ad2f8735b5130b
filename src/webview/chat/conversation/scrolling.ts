import type { ReadingPosition } from "../../../contract/view/inputMessages.ts";

type FollowState = { readonly following: boolean; readonly newBelow: boolean };

/** What a user scrolls with. */
const userEvents = ["wheel", "touchmove", "pointerdown", "keydown", "focusin"] as const;

/** A distance from the end, in pixels, that counts as the end. */
const END_TOLERANCE = 4;

/**
 * Keeps the end of a growing conversation in view until the user scrolls up. Scrolling back to the end, or
 * `scrollToEnd`, resumes it. Reports when new text is below the visible part.
 */
export class ScrollFollower {
  readonly #scroller: HTMLElement;
  readonly #content: HTMLElement;
  readonly #onChange: (state: FollowState) => void;
  readonly #observer: ResizeObserver;
  #following = true;
  /** A saved position, kept until the user scrolls: turns that come into view are laid out then, and change in size. */
  #restored: ReadingPosition | undefined;
  #newBelow = false;
  #top = 0;
  #height = 0;

  constructor(scroller: HTMLElement, content: HTMLElement, onChange: (state: FollowState) => void) {
    this.#scroller = scroller;
    this.#content = content;
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
    const articles = this.#articles();
    const article = Math.max(
      0,
      articles.findLastIndex(({ offsetTop }) => this.#fromStart(offsetTop) <= scrollTop),
    );
    return { article, offset: scrollTop - this.#fromStart(articles[article]?.offsetTop ?? 0) };
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
    this.#scrollToRestored(position);
    this.#height = this.#scroller.scrollHeight;
    this.#set(false, false);
  }

  dispose(): void {
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
    this.#scroller.scrollTop = this.#fromStart(this.#articles()[article]?.offsetTop ?? 0) + offset;
    this.#top = this.#scroller.scrollTop;
  }

  #articles(): readonly HTMLElement[] {
    return [...this.#content.querySelectorAll<HTMLElement>(":scope > article")];
  }

  /** The distance of an article from the start of the content. */
  #fromStart(offsetTop: number): number {
    return offsetTop - this.#content.offsetTop;
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

/** Scrolls to the answer of a turn, which takes the focus. @param within an element of the view */
export function revealTurn(within: HTMLElement, turnId: string): void {
  const log = within.closest(".sy-chat")?.querySelector<HTMLElement>(".sy-log");
  const answer = log?.querySelector<HTMLElement>(`article[data-turn="${CSS.escape(turnId)}"]`);
  if (!log || !answer) return;
  announceExpansion(answer);
  scrollToTop(log, answer);
  answer.focus({ preventScroll: true });
}
