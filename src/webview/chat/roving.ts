/**
 * Makes one tab stop of a toolbar: the arrow keys, Home and End move between its buttons. Call it again after its
 * buttons have changed.
 */
export function roving(toolbar: HTMLElement): void {
  const buttons = enabled(toolbar);
  const current =
    buttons.find((button) => button.tabIndex === 0 && button.hasAttribute("tabindex")) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === current ? 0 : -1;
  toolbar.onkeydown = (event) => move(toolbar, event);
}

function move(toolbar: HTMLElement, event: KeyboardEvent): void {
  const buttons = enabled(toolbar);
  const focused = document.activeElement;
  const at = focused instanceof HTMLButtonElement ? buttons.indexOf(focused) : -1;
  const to = at < 0 ? undefined : target(event.key, at, buttons.length, isRtl(toolbar));
  const next = to === undefined ? undefined : buttons[to];
  if (next === undefined) return;
  event.preventDefault();
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

function target(key: string, at: number, count: number, rtl: boolean): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (at + (rtl ? count - 1 : 1)) % count;
    case "ArrowLeft":
      return (at + (rtl ? 1 : count - 1)) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function enabled(toolbar: HTMLElement): HTMLButtonElement[] {
  return [...toolbar.querySelectorAll("button")].filter((button) => !button.disabled);
}

function isRtl(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}
