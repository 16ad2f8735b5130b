import * as l10n from "@vscode/l10n";
import { addCodeTools, enableCodeTools } from "./codeTools.ts";
import { highlight } from "./highlight.ts";

/** Names the parts that scroll sideways, makes them reachable by keyboard, and hides icons from screen readers. */
export function addLabels(blocks: ParentNode): void {
  for (const icon of blocks.querySelectorAll(".sy-note > .codicon")) icon.setAttribute("aria-hidden", "true");
  for (const figure of blocks.querySelectorAll(".sy-code")) {
    const name = figure.querySelector(".sy-code-name")?.textContent ?? "";
    const label = name === "" ? l10n.t("Code") : l10n.t("Code: {name}", { name });
    figure.setAttribute("aria-label", label);
    const pre = figure.querySelector("pre");
    pre?.setAttribute("tabindex", "0");
    pre?.setAttribute("role", "region");
    pre?.setAttribute("aria-label", label);
  }
  for (const scroll of blocks.querySelectorAll(".sy-scroll")) {
    scroll.setAttribute("tabindex", "0");
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", l10n.t("Table"));
  }
  for (const cell of blocks.querySelectorAll("th")) cell.setAttribute("scope", "col");
}

/** Adds buttons to the code of a block that may still change. */
export function decorateOpen(block: Element): void {
  for (const figure of figuresIn(block)) addCodeTools(figure);
}

/** Enables the buttons, and adds colours, to the code of a finished block. */
export function decorate(block: Element): void {
  for (const figure of figuresIn(block)) {
    addCodeTools(figure);
    enableCodeTools(figure);
    const code = figure.querySelector("code");
    if (code !== null) whenNearView(code, highlight);
  }
}

function figuresIn(block: Element): Iterable<Element> {
  return block.matches(".sy-code") ? [block] : block.querySelectorAll(".sy-code");
}

/** Runs work on an element once, when it comes near the visible part: a long conversation opens without delay. */
function whenNearView(element: Element, work: (element: Element) => void): void {
  if (typeof IntersectionObserver === "undefined") {
    work(element);
    return;
  }
  const observer = new IntersectionObserver(
    (entries) => {
      if (!entries.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      work(element);
    },
    { rootMargin: "600px" },
  );
  observer.observe(element);
}
