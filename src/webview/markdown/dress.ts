import { t } from "@vscode/l10n";
import { roving } from "../chat/roving.ts";
import { highlight } from "./highlight.ts";
import { whenSeen } from "./whenSeen.ts";

/** Names what scrolls sideways, and lets the keyboard reach it; icons are passed over by a screen reader. */
export function label(blocks: ParentNode): void {
  for (const icon of blocks.querySelectorAll(".sy-note > .codicon")) icon.setAttribute("aria-hidden", "true");
  for (const figure of blocks.querySelectorAll(".sy-code")) {
    const name = figure.querySelector(".sy-code-name")?.textContent ?? "";
    const words = name === "" ? t("Code") : t("Code: {name}", { name });
    figure.setAttribute("aria-label", words);
    const pre = figure.querySelector("pre");
    pre?.setAttribute("tabindex", "0");
    pre?.setAttribute("role", "region");
    pre?.setAttribute("aria-label", words);
  }
  for (const scroll of blocks.querySelectorAll(".sy-scroll")) {
    scroll.setAttribute("tabindex", "0");
    scroll.setAttribute("role", "region");
    scroll.setAttribute("aria-label", t("Table"));
  }
  for (const cell of blocks.querySelectorAll("th")) cell.setAttribute("scope", "col");
}

/** What a finished block gets for good: colours and tools. */
export function settle(block: Element): void {
  const figures = block.matches(".sy-code") ? [block] : block.querySelectorAll(".sy-code");
  for (const figure of figures) {
    figure.querySelector(".sy-code-head")?.append(tools());
    const code = figure.querySelector("code");
    if (code !== null) whenSeen(code, highlight);
  }
}

function tools(): HTMLElement {
  const toolbar = document.createElement("span");
  toolbar.className = "sy-tools";
  toolbar.setAttribute("role", "toolbar");
  toolbar.setAttribute("aria-label", t("Code"));
  toolbar.append(tool("copy", "copy", t("Copy")), tool("insert", "insert", t("Insert at cursor")));
  roving(toolbar);
  return toolbar;
}

function tool(act: "copy" | "insert", icon: string, name: string): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sy-tool";
  button.dataset["act"] = act;
  button.title = name;
  button.setAttribute("aria-label", name);
  const glyph = document.createElement("span");
  glyph.className = `codicon codicon-${icon}`;
  glyph.setAttribute("aria-hidden", "true");
  button.append(glyph);
  return button;
}
