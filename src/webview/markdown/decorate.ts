import * as l10n from "@vscode/l10n";
import { addCodeTools, enableCodeTools } from "./code/codeTools.ts";
import { finishCode, growCode, isShownCode } from "./code/growingCode.ts";
import { showFormulas } from "./formulas/shownFormulas.ts";
import { whenNearView } from "./whenNearView.ts";

/** Names parts for screen readers, and makes what scrolls sideways reachable by keyboard. */
export function addLabels(blocks: Element): void {
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
  // The first letter of a block sets its direction; code is always left-to-right, and does not count.
  for (const block of blocks.querySelectorAll(":scope > :not(.sy-note)")) block.setAttribute("dir", "auto");
  for (const code of blocks.querySelectorAll("code, .sy-code, .sy-formula, .sy-open-formula"))
    code.setAttribute("dir", "ltr");
  for (const item of blocks.querySelectorAll("li.sy-task")) addCheckbox(item);
  for (const link of blocks.querySelectorAll("a.sy-footnote-ref")) {
    link.setAttribute("aria-label", l10n.t("Footnote {number}", { number: link.textContent }));
  }
  for (const link of blocks.querySelectorAll("a.sy-footnote-back")) {
    link.setAttribute("aria-label", l10n.t("Back to reference {number}", { number: link.textContent }));
    link.replaceChildren(icon("arrow-up"));
  }
  blocks.querySelector("section.sy-footnotes")?.setAttribute("aria-label", l10n.t("Footnotes"));
  for (const cell of blocks.querySelectorAll("th")) cell.setAttribute("scope", "col");
}

/** Shows the formulas of a block that may still change, and adds buttons and colours to its code. */
export function decorateOpen(block: Element): void {
  showFormulas(block);
  for (const figure of figuresIn(block)) {
    addCodeTools(figure);
    const code = figure.querySelector("code");
    if (code !== null && !isShownCode(code)) growCode(code, code.textContent, 0);
  }
}

/** Shows the formulas of a finished block, adds colours to its code, and enables the buttons. */
export function decorate(block: Element): void {
  showFormulas(block);
  for (const figure of figuresIn(block)) {
    addCodeTools(figure);
    enableCodeTools(figure);
    const code = figure.querySelector("code");
    if (code === null) continue;
    if (isShownCode(code)) finishCode(code);
    else whenNearView(code, finishCode);
  }
}

function figuresIn(block: Element): Iterable<Element> {
  return block.matches(".sy-code") ? [block] : block.querySelectorAll(".sy-code");
}

function icon(name: string): HTMLElement {
  const glyph = document.createElement("span");
  glyph.className = `codicon codicon-${name}`;
  glyph.setAttribute("aria-hidden", "true");
  return glyph;
}

/** Puts a checkbox that cannot be changed before the text of a task. */
function addCheckbox(item: Element): void {
  const isDone = item.classList.contains("sy-task--done");
  const box = document.createElement("input");
  box.type = "checkbox";
  box.disabled = true;
  box.toggleAttribute("checked", isDone);
  box.setAttribute("aria-label", isDone ? l10n.t("Completed task") : l10n.t("Incomplete task"));
  const [first] = item.children;
  (first?.localName === "p" ? first : item).prepend(box);
}
