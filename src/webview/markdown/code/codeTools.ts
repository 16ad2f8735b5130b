import * as l10n from "@vscode/l10n";
import { shellOf } from "../../../base/shellLanguage.ts";
import { enableArrowKeys } from "../../ui/Toolbar.tsx";

/** What a button of a code block does; `more` opens a menu with the rest. */
export type CodeTool = "copy" | "insert" | "apply" | "more";

/**
 * Adds the buttons to the header of a code block that has none. The code may still be growing: what would use a part of
 * it is disabled until `enableCodeTools`.
 */
export function addCodeTools(figure: Element): void {
  const head = figure.querySelector(".sy-code-head");
  if (head === null || toolbarOf(figure) !== null) return;
  const toolbar = document.createElement("span");
  toolbar.className = "sy-tools";
  toolbar.setAttribute("role", "toolbar");
  toolbar.setAttribute("aria-label", l10n.t("Code"));
  const apply = codeTool("apply", "diff", l10n.t("Apply as a diff"));
  const word = document.createElement("span");
  word.className = "sy-label";
  word.textContent = l10n.t("Apply");
  apply.append(word);
  const more = codeTool("more", "ellipsis", nameOfMore(figure));
  more.setAttribute("aria-haspopup", "menu");
  more.setAttribute("aria-expanded", "false");
  toolbar.append(
    codeTool("copy", "copy", l10n.t("Copy")),
    codeTool("insert", "insert", l10n.t("Insert at cursor")),
    apply,
    more,
  );
  enableArrowKeys(toolbar);
  head.append(toolbar);
}

/** Enables every button of a code block, because its code is complete. */
export function enableCodeTools(figure: Element): void {
  const toolbar = toolbarOf(figure);
  if (toolbar === null) return;
  for (const button of toolbar.querySelectorAll("button")) {
    button.disabled = false;
    if (button.dataset["act"] === "more") setName(button, nameOfMore(figure));
  }
  enableArrowKeys(toolbar);
}

/** Whether this is the toolbar of a code block: the parser renders none, so it must be kept when a block is painted again. */
export function isCodeToolbar(node: Node): boolean {
  return node instanceof Element && node.matches(".sy-code-head > .sy-tools");
}

/** The language that the fence of a code block names, in lower case. */
export function languageOf(figure: Element): string {
  return /(?:^|\s)language-(\S+)/.exec(figure.querySelector("code")?.className ?? "")?.[1] ?? "";
}

function nameOfMore(figure: Element): string {
  return shellOf(languageOf(figure)) === undefined
    ? l10n.t("More: create file")
    : l10n.t("More: create file, run in terminal");
}

function toolbarOf(figure: Element): HTMLElement | null {
  return figure.querySelector<HTMLElement>(".sy-code-head > .sy-tools");
}

function codeTool(tool: CodeTool, icon: string, name: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sy-tool";
  button.dataset["act"] = tool;
  setName(button, name);
  button.disabled = tool !== "copy";
  const glyph = document.createElement("span");
  glyph.className = `codicon codicon-${icon}`;
  glyph.setAttribute("aria-hidden", "true");
  button.append(glyph);
  return button;
}

function setName(button: HTMLButtonElement, name: string): void {
  button.title = name;
  button.setAttribute("aria-label", name);
}
