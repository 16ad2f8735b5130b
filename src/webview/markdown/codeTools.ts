import * as l10n from "@vscode/l10n";
import { enableArrowKeys } from "../ui/Toolbar.tsx";

/** What a button of a code block does. */
type CodeTool = "copy" | "insert";

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
  toolbar.append(
    codeTool("copy", "copy", l10n.t("Copy")),
    codeTool("insert", "insert", l10n.t("Insert at cursor")),
  );
  enableArrowKeys(toolbar);
  head.append(toolbar);
}

/** Enables every button of a code block, because its code is complete. */
export function enableCodeTools(figure: Element): void {
  const toolbar = toolbarOf(figure);
  if (toolbar === null) return;
  for (const button of toolbar.querySelectorAll("button")) button.disabled = false;
  enableArrowKeys(toolbar);
}

/** Whether this is the toolbar of a code block: the parser renders none, so it must be kept when a block is painted again. */
export function isCodeToolbar(node: Node): boolean {
  return node instanceof Element && node.matches(".sy-code-head > .sy-tools");
}

function toolbarOf(figure: Element): HTMLElement | null {
  return figure.querySelector<HTMLElement>(".sy-code-head > .sy-tools");
}

function codeTool(tool: CodeTool, icon: string, name: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "sy-tool";
  button.dataset["act"] = tool;
  button.title = name;
  button.setAttribute("aria-label", name);
  button.disabled = tool !== "copy";
  const glyph = document.createElement("span");
  glyph.className = `codicon codicon-${icon}`;
  glyph.setAttribute("aria-hidden", "true");
  button.append(glyph);
  return button;
}
