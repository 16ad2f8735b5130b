import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";

type ToolbarProps = {
  readonly name: string;
  readonly class?: string | undefined;
  readonly children: ComponentChildren;
};

/** Buttons with one tab stop; the arrow keys move between them. */
export function Toolbar({ name, class: className = "sy-tools", children }: ToolbarProps) {
  const bar = useRef<HTMLSpanElement>(null);
  useLayoutEffect(() => {
    if (bar.current !== null) enableArrowKeys(bar.current);
  });
  return (
    <span ref={bar} class={className} role="toolbar" aria-label={name}>
      {children}
    </span>
  );
}

/**
 * Makes a toolbar one tab stop: the arrow keys, Home and End move between its buttons. Call it again after its buttons
 * have changed.
 */
export function enableArrowKeys(toolbar: HTMLElement): void {
  const buttons = enabledButtons(toolbar);
  const current =
    buttons.find((button) => button.tabIndex === 0 && button.hasAttribute("tabindex")) ?? buttons[0];
  for (const button of buttons) button.tabIndex = button === current ? 0 : -1;
  toolbar.onkeydown = (event) => moveFocus(toolbar, event);
}

function moveFocus(toolbar: HTMLElement, event: KeyboardEvent): void {
  const buttons = enabledButtons(toolbar);
  const focused = document.activeElement;
  const index = focused instanceof HTMLButtonElement ? buttons.indexOf(focused) : -1;
  const nextIndex = index < 0 ? undefined : targetIndex(event.key, index, buttons.length, isRtl(toolbar));
  const next = nextIndex === undefined ? undefined : buttons[nextIndex];
  if (next === undefined) return;
  event.preventDefault();
  for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
  next.focus();
}

function targetIndex(key: string, index: number, count: number, rtl: boolean): number | undefined {
  switch (key) {
    case "ArrowRight":
      return (index + (rtl ? count - 1 : 1)) % count;
    case "ArrowLeft":
      return (index + (rtl ? 1 : count - 1)) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

function enabledButtons(toolbar: HTMLElement): HTMLButtonElement[] {
  return [...toolbar.querySelectorAll("button")].filter((button) => !button.disabled);
}

function isRtl(element: Element): boolean {
  return getComputedStyle(element).direction === "rtl";
}
