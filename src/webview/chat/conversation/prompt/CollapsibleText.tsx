import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { announceExpansion } from "../scrolling.ts";

/** A prompt of more lines or characters is shortened to that. Pasted code and logs are often thousands of lines. */
const MAX_LINES = 12;
const MAX_CHARACTERS = 2_000;

type CollapsibleTextProps = { readonly text: string; readonly children?: ComponentChildren };

/** The text of a prompt. Of a long one only the beginning, until the user shows all. */
export function CollapsibleText({ text, children }: CollapsibleTextProps) {
  const isOpen = useSignal(false);
  const start = beginningOf(text);
  if (start === text) {
    return (
      <p class="sy-prompt-text">
        {children}
        {text}
      </p>
    );
  }
  const lines = text.split("\n").length;
  const showAll =
    lines > MAX_LINES
      ? l10n.t("Show all {count} lines", { count: lines.toLocaleString() })
      : l10n.t("Show all {count} characters", { count: text.length.toLocaleString() });
  const toggle = (button: EventTarget | null) => {
    if (button instanceof Element) announceExpansion(button);
    isOpen.value = !isOpen.value;
  };
  const open = (text: EventTarget | null) => {
    if (text instanceof Element) announceExpansion(text);
    isOpen.value = true;
  };
  return (
    <>
      <p class={isOpen.value ? "sy-prompt-text" : "sy-prompt-text sy-prompt-text--cut"}>
        {children}
        {isOpen.value ? text : start}
      </p>
      {!isOpen.value && (
        // Not laid out, but found by find, which opens it.
        <p
          class="sy-prompt-text"
          hidden="until-found"
          // @ts-expect-error: an event of HTML that Preact's types do not have
          onbeforematch={(event: Event) => open(event.currentTarget)}
        >
          {text.slice(start.length).replace(/^\n/, "")}
        </p>
      )}
      <button
        type="button"
        class="sy-link-button sy-prompt-more"
        aria-expanded={isOpen.value}
        onClick={(event) => toggle(event.currentTarget)}
      >
        {isOpen.value ? l10n.t("Show less") : showAll}
      </button>
    </>
  );
}

function beginningOf(text: string): string {
  const lines = text.split("\n", MAX_LINES + 1);
  const start = lines.length > MAX_LINES ? lines.slice(0, MAX_LINES).join("\n") : text;
  return start.length > MAX_CHARACTERS ? start.slice(0, MAX_CHARACTERS) : start;
}
