import * as l10n from "@vscode/l10n";
import { shellOf } from "../../../../base/shellLanguage.ts";
import type { CodeUse } from "../../../../contract/view/codeMessages.ts";
import { languageOf } from "../../../markdown/code/codeTools.ts";
import { toggleMenu } from "../../../ui/menu.ts";
import type { Store } from "../../state/store.ts";

/** How long the copy button shows that it has copied. */
const COPIED_MS = 1500;
/** How much of the text before a code block may name the file that the code is for. */
const MAX_BEFORE = 300;

/**
 * Handles a click inside an answer. Files are opened by the editor if they are in the workspace, and links after VS Code
 * has asked the user.
 */
export function handleAnswerClick(event: MouseEvent, store: Store): void {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a");
  if (link) {
    // VS Code's own listener on the page would open the link a second time.
    event.preventDefault();
    event.stopPropagation();
    const href = link.getAttribute("href") ?? "";
    const { file } = link.dataset;
    if (file !== undefined) store.post({ type: "openPath", name: file });
    else if (href.startsWith("#")) goTo(href.slice(1), link);
    else store.post({ type: "openLink", href: link.href });
    return;
  }
  const button = target?.closest("button");
  const figure = button?.closest("figure");
  if (!button || button.disabled || !figure) return;
  switch (button.dataset["act"]) {
    case "copy":
      copyCode(figure, button, store);
      break;
    case "insert":
    case "apply":
      useCode(button.dataset["act"], figure, store);
      break;
    case "more":
      openMore(button, figure, store);
      break;
  }
}

/** Follows a link within the answer, also with the focus: the next Tab continues there. */
function goTo(id: string, link: Element): void {
  const target = link.closest(".sy-md")?.querySelector<HTMLElement>(`[id="${CSS.escape(id)}"]`);
  if (!target) return;
  if (target.localName !== "a") target.tabIndex = -1;
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "nearest" });
}

function copyCode(figure: Element, button: Element, store: Store): void {
  store.post({ type: "copy", text: codeIn(figure) });
  store.announcement.value = l10n.t("Copied");
  const icon = button.querySelector(".codicon");
  icon?.classList.replace("codicon-copy", "codicon-check");
  store.scheduler.after(COPIED_MS, () => icon?.classList.replace("codicon-check", "codicon-copy"));
}

function openMore(button: HTMLElement, figure: Element, store: Store): void {
  const create = {
    name: l10n.t("Create file…"),
    icon: "new-file",
    run: () => useCode("create", figure, store),
  };
  const run = {
    name: l10n.t("Run in terminal"),
    icon: "terminal",
    run: () => useCode("run", figure, store),
  };
  const isShell = shellOf(languageOf(figure)) !== undefined;
  toggleMenu(button, l10n.t("Code"), isShell ? [create, run] : [create]);
}

function useCode(use: CodeUse, figure: Element, store: Store): void {
  const name = figure.querySelector(".sy-code-name");
  const isFile = name?.hasAttribute("title") === true || name?.querySelector("a") !== null;
  const file = isFile ? name?.textContent : undefined;
  const turnId = figure.closest<HTMLElement>("[data-turn]")?.dataset["turn"];
  store.post({
    type: "useCode",
    use,
    code: {
      text: codeIn(figure),
      language: languageOf(figure).slice(0, 100),
      before: textBefore(figure),
      ...(file === undefined || file.length > MAX_BEFORE ? {} : { file }),
    },
    ...(turnId === undefined ? {} : { turnId }),
  });
}

function codeIn(figure: Element): string {
  return figure.querySelector("code")?.textContent ?? "";
}

/** The end of the block before this one: it often names the file. */
function textBefore(figure: Element): string {
  let before = figure.previousElementSibling;
  while (before?.matches(".sy-note")) before = before.previousElementSibling;
  return before === null || before.matches(".sy-code") ? "" : before.textContent.slice(-MAX_BEFORE);
}
