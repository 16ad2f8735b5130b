import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import { IconButton } from "../../ui/buttons.tsx";
import { nothingMatches, Popup, PopupSearch, usePopupList } from "../../ui/Popup.tsx";
import { useStore } from "../state/store.ts";
import { attachChoice, contextGroups } from "./contextChoices.ts";

type ContextMenu = {
  /** The popup while it is open, else null. */
  readonly popup: ComponentChildren;
  readonly button: ComponentChildren;
};

/** The menu of everything that can be attached: a button, and the popup that it opens. */
export function useContextMenu(): ContextMenu {
  const store = useStore();
  /** What is typed in the popup's field; undefined while it is closed. */
  const query = useSignal<string | undefined>(undefined);
  const isOpen = query.value !== undefined;
  const find = (text: string) => {
    query.value = text;
    store.post({ type: "findContext", query: text });
  };
  const close = () => {
    query.value = undefined;
    store.post({ type: "findContext", query: null });
    store.focusInput.value++;
  };
  const list = usePopupList({
    name: l10n.t("Context"),
    groups: query.value === undefined ? [] : contextGroups(store, query.value),
    query: query.value ?? "",
    onTake: (entry) => {
      attachChoice(store, entry);
      close();
    },
    onClose: close,
  });
  return {
    popup: isOpen ? (
      <Popup
        list={list}
        head={<PopupSearch list={list} name={l10n.t("Search files and symbols")} onQuery={find} />}
        empty={nothingMatches(query.value ?? "")}
        foot={l10n.t("Or drag files here while you hold Shift.")}
      />
    ) : null,
    button: (
      <IconButton
        icon="add"
        name={l10n.t("Add context")}
        title={l10n.t("Add context (#)")}
        controls={list.listId}
        expanded={isOpen}
        onClick={() => (isOpen ? close() : find(""))}
      />
    ),
  };
}
