import { type Signal, useSignalEffect } from "@preact/signals";
import { t } from "@vscode/l10n";
import { useLayoutEffect, useRef } from "preact/hooks";
import { BudgetStrip } from "./BudgetStrip.tsx";
import { Chips } from "./Chips.tsx";
import { ForecastLine } from "./ForecastLine.tsx";
import { grow } from "./grow.ts";
import { Icon } from "./Icon.tsx";
import { useStore } from "./services.ts";
import { Tool } from "./Tool.tsx";
import { Toolbar } from "./Toolbar.tsx";

type ComposerProps = { readonly newBelow: Signal<boolean>; readonly toEnd: Signal<number> };

/** Where prompts are written. Enter sends; while an answer is being written it queues. */
export function Composer({ newBelow, toEnd }: ComposerProps) {
  const store = useStore();
  const input = useRef<HTMLTextAreaElement>(null);
  const { attached, busyTurnId } = store.shell.value;
  const isBusy = busyTurnId !== null;
  const draft = store.draft.value;

  useSignalEffect(() => {
    // Reading the counter is what makes this run again.
    if (store.focusInput.value >= 0) input.current?.focus();
  });
  useLayoutEffect(() => {
    if (input.current !== null) grow(input.current);
  }, [draft]);

  const send = () => {
    store.send();
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // Enter that ends a word of an input method is not meant for us.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    send();
  };
  const stop = () => {
    store.post({ type: "stop" });
    input.current?.focus();
  };

  return (
    <div class="sy-composer">
      {newBelow.value && (
        <div class="sy-jump">
          <button type="button" class="sy-button sy-button--second" onClick={() => toEnd.value++}>
            <Icon name="arrow-down" />
            {t("New text below")}
          </button>
        </div>
      )}
      <BudgetStrip />
      <div class="sy-input">
        {attached.command !== undefined && (
          <ul class="sy-chips" aria-label={t("Command")}>
            <li class="sy-chip">
              <span class="sy-chip-name">/{attached.command}</span>
              <Tool
                icon="close"
                name={t("Remove {name}", { name: `/${attached.command}` })}
                onClick={() => store.post({ type: "dropCommand" })}
              />
            </li>
          </ul>
        )}
        <Chips context={attached.context} onRemove={(index) => store.post({ type: "detach", index })} />
        <textarea
          ref={input}
          class="sy-input-text"
          rows={1}
          aria-label={t("Prompt")}
          placeholder={isBusy ? t("Queue the next prompt") : t("Ask anything")}
          value={draft}
          onInput={(event) => store.write(event.currentTarget.value)}
          onKeyDown={onKeyDown}
        />
        <Toolbar name={t("Prompt")} class="sy-input-bar">
          <Tool
            icon="add"
            name={t("Add the selection or the open file")}
            onClick={() => store.post({ type: "attachSelection" })}
          />
          {isBusy && draft.trim() === "" ? (
            <Tool
              icon="debug-stop"
              name={t("Stop")}
              title={t("Stop (Escape)")}
              class="sy-push"
              onClick={stop}
            >
              <span class="sy-label">{t("Stop")}</span>
            </Tool>
          ) : (
            <Tool
              icon="send"
              name={isBusy ? t("Queue") : t("Send")}
              title={isBusy ? t("Queue (Enter)") : t("Send (Enter)")}
              class={draft.trim() === "" ? "sy-push" : "sy-tool--send sy-push"}
              disabled={draft.trim() === ""}
              onClick={send}
            />
          )}
        </Toolbar>
      </div>
      <ForecastLine />
    </div>
  );
}
