import type { Locator, Page } from "playwright-core";
import { until } from "./until.ts";

const TIMEOUT_MS = 60_000;
/** One try of several: whatever happened just before may have taken the focus. */
const ONE_TRY = { timeout: 3_000 };
/** How long a command may take to show its list or its input. */
const LIST_SHOWN = { timeout: 10_000 };

/**
 * VS Code's palette, and the lists that commands show. They close when anything else takes the focus, so a selection is one
 * action that is tried again as a whole.
 */
export class QuickInput {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Where the user types. */
  get input(): Locator {
    return this.#page.locator(".quick-input-widget input").first();
  }

  /** The first entry with this text in the list that is shown. */
  entry(text: string): Locator {
    return this.#page.locator(".quick-input-list .monaco-list-row", { hasText: text }).first();
  }

  /** Runs a command of the palette once, by its title. */
  async command(title: string): Promise<void> {
    const { input } = this;
    await until(async () => {
      await this.#page.keyboard.press("F1");
      await input.waitFor(ONE_TRY);
      await input.fill(`>${title}`, ONE_TRY);
      await this.entry(title).waitFor(ONE_TRY);
      if (!(await input.evaluate(acceptEntry, { text: title, isWhole: true }, ONE_TRY)))
        throw new Error(`The palette does not show “${title}”.`);
    }, TIMEOUT_MS);
    // The command has run. Nothing that follows is tried again, because that would run it twice.
    await until(async () => {
      const isOpen = (await input.isVisible()) && (await input.inputValue()) === `>${title}`;
      if (isOpen) throw new Error(`The palette did not run “${title}”.`);
    }, TIMEOUT_MS);
  }

  /** Selects the entries with these texts in the lists that `open` shows, one after the other. */
  async choose(open: () => Promise<void>, ...choices: readonly string[]): Promise<void> {
    await until(async () => {
      await open();
      for (const text of choices) {
        await this.entry(text).waitFor(LIST_SHOWN);
        if (!(await this.input.evaluate(acceptEntry, { text, isWhole: false }, ONE_TRY)))
          throw new Error(`The list does not show “${text}”.`);
      }
    }, TIMEOUT_MS);
  }

  /** Enters a text into the input that `open` shows. */
  async enter(open: () => Promise<void>, text: string): Promise<void> {
    await until(async () => {
      await open();
      await this.input.waitFor(LIST_SHOWN);
      await this.input.fill(text, ONE_TRY);
      if (!(await this.input.evaluate(acceptText, { text, hasList: false }, ONE_TRY)))
        throw new Error(`The input does not hold “${text}”.`);
    }, TIMEOUT_MS);
  }

  /**
   * Accepts a path in the file dialog that is shown. Once it has read its folder, it shows again what it proposes, whatever
   * was typed: a dialog that saves must propose the path itself, or it may save elsewhere.
   */
  async acceptPath(path: string): Promise<void> {
    let isAccepted = false;
    await until(async () => {
      if (isAccepted && !(await this.input.isVisible())) return;
      const shown = await this.input.inputValue(ONE_TRY);
      if (shown !== path && shown.includes("/")) await this.input.fill(path, ONE_TRY);
      isAccepted = await this.input.evaluate(acceptText, { text: path, hasList: true }, ONE_TRY);
      if (!isAccepted) throw new Error(`The dialog does not hold “${path}”.`);
      await this.input.waitFor({ state: "hidden", timeout: 1_000 });
    }, TIMEOUT_MS);
  }
}

/** In the page: presses Enter if the input has the focus and this text, and a list or none. Returns whether it did. */
function acceptText(input: Element, { text, hasList }: { text: string; hasList: boolean }): boolean {
  const isListShown = document.querySelector(".quick-input-list")?.checkVisibility() === true;
  const isReady =
    input instanceof HTMLInputElement &&
    input.value === text &&
    document.activeElement === input &&
    (hasList || !isListShown);
  const enter = { key: "Enter", code: "Enter", keyCode: 13, bubbles: true, cancelable: true };
  if (isReady) input.dispatchEvent(new KeyboardEvent("keydown", enter));
  return isReady;
}

/**
 * In the page: moves the list's focus down to the entry with this text and presses Enter, and returns whether it did. In one
 * task, so that nothing can close the list or move the focus meanwhile.
 */
function acceptEntry(input: Element, { text, isWhole }: { text: string; isWhole: boolean }): boolean {
  const press = (key: string, keyCode: number): unknown =>
    input.dispatchEvent(
      new KeyboardEvent("keydown", { key, code: key, keyCode, bubbles: true, cancelable: true }),
    );
  const isFocused = (): boolean => {
    const row = document.querySelector(".quick-input-list .monaco-list-row.focused");
    if (isWhole) return row?.querySelector(".label-name")?.textContent === text;
    return row?.textContent?.includes(text) === true;
  };
  if (document.activeElement !== input) return false;
  // More entries do not fit the list's height.
  for (let n = 0; n < 20 && !isFocused(); n++) press("ArrowDown", 40);
  if (!isFocused()) return false;
  press("Enter", 13);
  return true;
}
