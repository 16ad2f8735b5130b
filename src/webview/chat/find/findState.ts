import { type Signal, signal } from "@preact/signals";

/** Whether the find bar is open, and where the focus goes when it closes. */
export class FindState {
  readonly isOpen: Signal<boolean> = signal(false);
  /** Increases each time the bar should take the focus. */
  readonly requests: Signal<number> = signal(0);
  readonly #focusInput: () => void;
  #before: Element | null = null;

  /** @param focusInput called if what had the focus before is gone */
  constructor(focusInput: () => void) {
    this.#focusInput = focusInput;
  }

  /** Opens the bar, or selects the text of an open one. */
  open(): void {
    if (!this.isOpen.value) this.#before = document.activeElement;
    this.isOpen.value = true;
    this.requests.value++;
  }

  /** Closes the bar and returns the focus. */
  close(): void {
    this.isOpen.value = false;
    const before = this.#before;
    if (before instanceof HTMLElement && before.isConnected && before !== document.body) before.focus();
    else this.#focusInput();
  }
}
