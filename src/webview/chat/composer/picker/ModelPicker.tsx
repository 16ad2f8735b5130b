import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { effortName } from "../../../../explain/decision/picks.ts";
import { dialName } from "../../../../explain/decision/routes.ts";
import { Icon } from "../../../ui/buttons.tsx";
import { nothingMatches, Popup, type PopupList, PopupSearch, usePopupList } from "../../../ui/Popup.tsx";
import { SegmentedChoice } from "../../../ui/SegmentedChoice.tsx";
import { useStore } from "../../state/store.ts";
import { modelGroups, type PickerEntry } from "./modelGroups.tsx";

const DIALS = ["cheap", "balanced", "best"] as const;
const EFFORTS = [null, "low", "medium", "high"] as const;

/** The button that shows and changes the model of the conversation, and the popup that it opens. */
export function useModelPicker(): { readonly button: ComponentChildren; readonly popup: ComponentChildren } {
  const store = useStore();
  const query = useSignal("");
  const { picker, choice, providerNames } = store.shell.value;
  const isOpen = store.isModelPickerOpen.value;
  const close = () => {
    store.isModelPickerOpen.value = false;
    query.value = "";
  };
  const closeToInput = () => {
    close();
    store.focusInput.value++;
  };
  const take = ({ takes }: PickerEntry) => {
    closeToInput();
    if (takes.kind === "addKey") store.post({ type: "replaceKey", provider: takes.provider });
    else store.post({ type: "chooseModel", model: takes.model });
  };
  const groups = isOpen && picker !== null ? modelGroups(picker, choice, providerNames, query.value) : [];
  const list = usePopupList({
    name: l10n.t("Models"),
    groups,
    query: query.value,
    start: choice.model,
    hasControls: true,
    onTake: ({ id }) => {
      const entry = groups.flatMap(({ entries }) => entries).find((each) => each.id === id);
      if (entry !== undefined) take(entry);
    },
    onClose: closeToInput,
  });
  return {
    button: <ModelButton list={list} isOpen={isOpen} onClose={closeToInput} />,
    popup: isOpen && (
      <Popup
        list={list}
        head={
          <PickerHead
            list={list}
            onQuery={(text) => {
              query.value = text;
            }}
            onLeave={close}
          />
        }
        empty={picker === null ? l10n.t("Loading the models…") : nothingMatches(query.value)}
        foot={
          <>
            <span class="sy-picker-about" title={list.active?.description}>
              {list.active?.description ?? "\u00a0"}
            </span>
            {l10n.t("A model that you pick is kept: no route and no fallback replaces it.")}
          </>
        }
      />
    ),
  };
}

type ModelButtonProps = {
  readonly list: PopupList;
  readonly isOpen: boolean;
  readonly onClose: () => void;
};

function ModelButton({ list, isOpen, onClose }: ModelButtonProps) {
  const store = useStore();
  const { model, effort } = store.shell.value.choice;
  const modelName = model === undefined ? l10n.t("Auto") : store.names.value(model);
  const name =
    effort === undefined
      ? modelName
      : l10n.t("{model} · {effort}", { model: modelName, effort: effortName(effort) });
  return (
    <button
      type="button"
      class="sy-tool sy-tool--model"
      aria-haspopup="listbox"
      aria-expanded={isOpen}
      aria-controls={list.listId}
      aria-label={l10n.t("Model: {name}", { name })}
      title={l10n.t("Pick a model")}
      onClick={() => (isOpen ? onClose() : store.openModelPicker())}
    >
      {model !== undefined && <Icon name="lock" />}
      <span class="sy-label">{name}</span>
      <Icon name="chevron-down" />
    </button>
  );
}

type PickerHeadProps = {
  readonly list: PopupList;
  readonly onQuery: (query: string) => void;
  /** The focus has left the popup. */
  readonly onLeave: () => void;
};

/** The filter, the dial of Auto, and the effort of models that can reason. */
function PickerHead({ list, onQuery, onLeave }: PickerHeadProps) {
  const store = useStore();
  const { picker, choice } = store.shell.value;
  const isOffered = picker?.options.models.some(
    ({ ref, capabilities }) =>
      capabilities.includes("reasoning") && (choice.model === undefined || choice.model === ref),
  );
  const onFocusOut = ({ currentTarget, relatedTarget }: FocusEvent) => {
    const isInside =
      relatedTarget === null || !(currentTarget instanceof Element) || !(relatedTarget instanceof Element);
    if (isInside || currentTarget.closest(".sy-popup")?.contains(relatedTarget)) return;
    // The button closes the popup itself.
    if (relatedTarget.getAttribute("aria-controls") !== list.listId) onLeave();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || event.defaultPrevented) return;
    event.preventDefault();
    list.onClose();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the events are those of the controls inside
    <div class="sy-picker-head" onFocusOut={onFocusOut} onKeyDown={onKeyDown}>
      <PopupSearch list={list} name={l10n.t("Search models")} onQuery={onQuery} />
      {picker !== null && (
        <SegmentedChoice
          name={l10n.t("Cost or quality")}
          title={l10n.t("How Auto chooses where no route of your settings applies")}
          values={DIALS}
          chosen={picker.dial}
          labelOf={dialName}
          onChoose={(dial) => store.post({ type: "setDial", dial })}
        />
      )}
      {isOffered === true && (
        <SegmentedChoice
          name={l10n.t("Reasoning")}
          title={l10n.t("How much the models of this conversation reason, if they can")}
          values={EFFORTS}
          chosen={choice.effort ?? null}
          labelOf={(effort) => (effort === null ? l10n.t("Default") : effortName(effort))}
          onChoose={(effort) => store.post({ type: "chooseEffort", effort })}
        />
      )}
    </div>
  );
}
