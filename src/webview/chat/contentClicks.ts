import { t } from "@vscode/l10n";
import type { Store } from "./store.ts";

/** Carries out a click on an answer's own parts: a link is opened by the host, after VS Code's check, never here. */
export function contentClick(event: MouseEvent, store: Store): void {
  const target = event.target instanceof Element ? event.target : null;
  const link = target?.closest("a");
  if (link) {
    // VS Code's webview listens further up, and would open it a second time.
    event.preventDefault();
    event.stopPropagation();
    store.post({ type: "openLink", href: link.href });
    return;
  }
  const button = target?.closest("button");
  const act = button?.dataset["act"];
  const text = button?.closest("figure")?.querySelector("code")?.textContent ?? "";
  if (act === "insert") store.post({ type: "insert", text });
  if (act !== "copy") return;
  store.post({ type: "copy", text });
  store.live.value = t("Copied");
  acknowledge(button?.querySelector(".codicon"));
}

/** A tick for a moment, where the button's own icon stood. */
function acknowledge(icon: Element | null | undefined): void {
  icon?.classList.replace("codicon-copy", "codicon-check");
  window.setTimeout(() => icon?.classList.replace("codicon-check", "codicon-copy"), 1500);
}
