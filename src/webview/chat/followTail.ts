/**
 * Keeps the end of a growing conversation in view, until the reader scrolls up; reaching the end again, by hand or by
 * `toEnd`, takes it up again. Tells when text has come below what is seen.
 */
export class FollowTail {
  readonly #scroller: HTMLElement;
  readonly #onChange: (state: { readonly following: boolean; readonly newBelow: boolean }) => void;
  readonly #observer: ResizeObserver;
  #following = true;
  #newBelow = false;
  #top = 0;
  #height = 0;

  constructor(
    scroller: HTMLElement,
    content: HTMLElement,
    onChange: (state: { readonly following: boolean; readonly newBelow: boolean }) => void,
  ) {
    this.#scroller = scroller;
    this.#onChange = onChange;
    this.#observer = new ResizeObserver(() => this.#resized());
    this.#observer.observe(content);
    this.#observer.observe(scroller);
    scroller.addEventListener("scroll", this.#scrolled, { passive: true });
  }

  get following(): boolean {
    return this.#following;
  }

  get top(): number {
    return this.#scroller.scrollTop;
  }

  toEnd(): void {
    this.#set(true, false);
    this.#pin();
  }

  /** Lets go of the end: what is about to grow is what the reader has opened. */
  stay(): void {
    this.#set(false, false);
  }

  /** Goes to where the reader was, who does not follow the end. */
  toReading(top: number): void {
    this.#scroller.scrollTop = top;
    this.#top = this.#scroller.scrollTop;
    this.#height = this.#scroller.scrollHeight;
    this.#set(this.#distance() < 4, false);
  }

  dispose(): void {
    this.#observer.disconnect();
    this.#scroller.removeEventListener("scroll", this.#scrolled);
  }

  readonly #scrolled = (): void => {
    const up = this.#scroller.scrollTop < this.#top;
    this.#top = this.#scroller.scrollTop;
    const distance = this.#distance();
    if (distance < 4) this.#set(true, false);
    // Content that shrinks moves the view up as well, but leaves it at the end.
    else if (up) this.#set(false, this.#newBelow);
    else this.#onChange({ following: this.#following, newBelow: this.#newBelow });
  };

  #resized(): void {
    const grown = this.#scroller.scrollHeight > this.#height;
    this.#height = this.#scroller.scrollHeight;
    if (this.#following) this.#pin();
    else if (grown && this.#distance() >= 4) this.#set(false, true);
  }

  #pin(): void {
    this.#scroller.scrollTop = this.#scroller.scrollHeight;
    this.#top = this.#scroller.scrollTop;
    this.#height = this.#scroller.scrollHeight;
  }

  #distance(): number {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    return scrollHeight - scrollTop - clientHeight;
  }

  #set(following: boolean, newBelow: boolean): void {
    this.#following = following;
    this.#newBelow = newBelow;
    this.#onChange({ following, newBelow });
  }
}
