import { type Signal, useSignalEffect } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import { Icon, IconButton, LinkButton } from "../../ui/buttons.tsx";
import { inputAttributes, Popup } from "../../ui/Popup.tsx";
import { Toolbar } from "../../ui/Toolbar.tsx";
import { useContextMenu } from "../context/AddContext.tsx";
import { AttachedContext } from "../context/AttachedContext.tsx";
import { contextCompletion } from "../context/contextChoices.ts";
import { pasteFiles, useDropping } from "../context/dropping.ts";
import { budgetWarningText } from "../state/announcements.ts";
import { useStore } from "../state/store.ts";
import { useCompletion } from "./completion.ts";
import { useEarlierPrompts } from "./earlierPrompts.ts";
import { ForecastLine } from "./ForecastLine.tsx";
import { useModelPicker } from "./picker/ModelPicker.tsx";
import { SecretsBox } from "./SecretsBox.tsx";
import { runTypedAction, slashCommands } from "./slashCommands.ts";

type ComposerProps = {
  readonly hasNewBelow: Signal<boolean>;
  readonly scrollRequests: Signal<number>;
};

/** The input. Enter sends the prompt, or queues it while an answer is being written. */
export function Composer({ hasNewBelow, scrollRequests }: ComposerProps) {
  const store = useStore();
  const input = useRef<HTMLTextAreaElement>(null);
  const { attached, busyTurnId } = store.shell.value;
  const isBusy = busyTurnId !== null;
  const draft = store.draft.value;
  const isEmpty = draft.trim() === "";
  const completions = useMemo(() => [slashCommands(store), contextCompletion(store)], [store]);
  const completion = useCompletion(input, completions);
  const contextMenu = useContextMenu();
  const dropping = useDropping(store);
  const picker = useModelPicker();
  const showEarlierPrompt = useEarlierPrompts(store, input);

  useSignalEffect(() => {
    // The effect depends on the counter, so the counter must be read here.
    if (store.focusInput.value >= 0) input.current?.focus();
  });
  useLayoutEffect(() => {
    if (input.current !== null) growWithText(input.current);
  }, [draft]);

  const send = () => {
    if (!runTypedAction(store, draft)) store.send();
    input.current?.focus();
  };
  const onInput = (text: string) => {
    store.write(text);
    completion.update("typed");
  };
  const onBlur = (event: FocusEvent) => {
    // While another window has the focus, the popup stays.
    if (event.relatedTarget !== null) completion.close();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    completion.list?.onKeyDown(event);
    if (!event.defaultPrevented) showEarlierPrompt(event);
    if (event.defaultPrevented) return;
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  };
  const stop = () => {
    store.post({ type: "stop" });
    input.current?.focus();
  };

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: what can be dropped can be attached by keyboard with #
    <div
      class={dropping.isOver ? "sy-composer sy-is-drop" : "sy-composer"}
      onDragOver={dropping.onDragOver}
      onDragLeave={dropping.onDragLeave}
      onDrop={dropping.onDrop}
    >
      {hasNewBelow.value && (
        <div class="sy-jump">
          <button type="button" class="sy-button sy-button--second" onClick={() => scrollRequests.value++}>
            <Icon name="arrow-down" />
            {l10n.t("New text below")}
          </button>
        </div>
      )}
      <BudgetStrip />
      <SecretsBox />
      <div class="sy-input">
        {attached.command !== undefined && (
          <ul class="sy-chips" aria-label={l10n.t("Command")}>
            <li class="sy-chip">
              <span class="sy-chip-name">/{attached.command}</span>
              <IconButton
                icon="close"
                name={l10n.t("Remove {name}", { name: `/${attached.command}` })}
                onClick={() => store.post({ type: "dropCommand" })}
              />
            </li>
          </ul>
        )}
        <AttachedContext />
        <textarea
          ref={input}
          class="sy-input-text"
          rows={1}
          aria-label={l10n.t("Prompt")}
          placeholder={isBusy ? l10n.t("Queue the next prompt") : l10n.t("Ask anything, or type / or #")}
          value={draft}
          {...inputAttributes(completion.list)}
          onInput={(event) => onInput(event.currentTarget.value)}
          onPaste={(event) => pasteFiles(store, event)}
          onKeyUp={() => completion.update("moved")}
          onClick={() => completion.update("moved")}
          onBlur={onBlur}
          onKeyDown={onKeyDown}
        />
        <Toolbar name={l10n.t("Prompt")} class="sy-input-bar">
          {contextMenu.button}
          {picker.button}
          {!isEmpty && !draft.includes("\n") && (
            <span class="sy-input-hint sy-quiet-text">{l10n.t("Shift+Enter for a new line")}</span>
          )}
          {isBusy && (
            <IconButton
              icon="debug-stop"
              name={l10n.t("Stop")}
              title={l10n.t("Stop (Escape)")}
              class="sy-push"
              onClick={stop}
            >
              <span class="sy-label">{l10n.t("Stop")}</span>
            </IconButton>
          )}
          {!(isBusy && isEmpty) && (
            <IconButton
              icon="send"
              name={isBusy ? l10n.t("Queue") : l10n.t("Send")}
              title={isBusy ? l10n.t("Queue (Enter)") : l10n.t("Send (Enter)")}
              class={`${isEmpty ? "" : "sy-tool--send"} ${isBusy ? "" : "sy-push"}`.trim()}
              disabled={isEmpty}
              onClick={send}
            />
          )}
        </Toolbar>
      </div>
      {contextMenu.popup}
      {completion.list !== undefined && <Popup list={completion.list} />}
      {picker.popup}
      <ForecastLine />
    </div>
  );
}

/** The warning that a budget threshold was passed, until the user dismisses it. */
function BudgetStrip() {
  const store = useStore();
  const text = budgetWarningText(store.shell.value);
  if (text === undefined) return null;
  const dismiss = () => {
    store.post({ type: "dismissWarning" });
    store.receive({ type: "budgetWarning", percent: null });
    store.focusInput.value++;
  };
  return (
    <div class="sy-strip sy-is-warning">
      <Icon name="warning" />
      <span>
        {text}{" "}
        <LinkButton onClick={() => store.post({ type: "command", command: "changeBudget" })}>
          {l10n.t("Change budget…")}
        </LinkButton>
      </span>
      <IconButton icon="close" name={l10n.t("Dismiss")} onClick={dismiss} />
    </div>
  );
}

/** Grows the input with its text where the browser does not support `field-sizing`; CSS sets the limit. */
function growWithText(input: HTMLTextAreaElement): void {
  if (typeof CSS === "undefined" || CSS.supports("field-sizing", "content")) return;
  const lines = input.value.split("\n").reduce((sum, line) => sum + 1 + Math.floor(line.length / 60), 0);
  input.rows = Math.min(lines, 12);
}
