import * as l10n from "@vscode/l10n";
import { enableArrowKeys } from "../ui/Toolbar.tsx";
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

/** Adds buttons and colours to the code of a finished block. */
export function decorate(block: Element): void {
  const figures = block.matches(".sy-code") ? [block] : block.querySelectorAll(".sy-code");
  for (const figure of figures) {
    figure.querySelector(".sy-code-head")?.append(codeTools());
    const code = figure.querySelector("code");
    if (code !== null) whenNearView(code, highlight);
  }
}

function codeTools(): HTMLElement {
  const toolbar = document.createElement("span");
  toolbar.className = "sy-tools";
  toolbar.setAttribute("role", "toolbar");
  toolbar.setAttribute("aria-label", l10n.t("Code"));
  toolbar.append(
    codeTool("copy", "copy", l10n.t("Copy")),
    codeTool("insert", "insert", l10n.t("Insert at cursor")),
  );
  enableArrowKeys(toolbar);
  return toolbar;
}

function codeTool(action: "copy" | "insert", icon: string, name: string): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sy-tool";
  button.dataset["act"] = action;
  button.title = name;
  button.setAttribute("aria-label", name);
  const glyph = document.createElement("span");
  glyph.className = `codicon codicon-${icon}`;
  glyph.setAttribute("aria-hidden", "true");
  button.append(glyph);
  return button;
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
