import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { announceExpansion } from "../scrolling.ts";

type PromptEditorProps = {
  readonly text: string;
  /** The name of the button that accepts the text. */
  readonly acceptName: string;
  readonly onAccept: (text: string) => void;
  readonly onCancel: () => void;
  /** What is attached to the prompt. */
  readonly children?: ComponentChildren;
};

/** Edits a prompt in its bubble: Enter accepts, Escape cancels. */
export function PromptEditor({ text, acceptName, onAccept, onCancel, children }: PromptEditorProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const value = useSignal(text);
  const isEmpty = value.value.trim() === "";
  useLayoutEffect(() => {
    announceExpansion(field.current);
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, []);
  const accept = () => {
    if (!isEmpty) onAccept(value.value.trim());
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape") onCancel();
    else if (event.key === "Enter" && !event.shiftKey) accept();
    else return;
    event.preventDefault();
  };
  return (
    <div class="sy-prompt sy-prompt--edited">
      <textarea
        ref={field}
        class="sy-prompt-field"
        rows={Math.min(12, text.split("\n").length)}
        aria-label={l10n.t("Edited prompt")}
        value={value}
        onInput={(event) => {
          value.value = event.currentTarget.value;
        }}
        onKeyDown={onKeyDown}
      />
      {children}
      <div class="sy-buttons">
        <button type="button" class="sy-button" disabled={isEmpty} onClick={accept}>
          {acceptName}
        </button>
        <button type="button" class="sy-button sy-button--second" onClick={onCancel}>
          {l10n.t("Cancel")}
        </button>
      </div>
    </div>
  );
}
