import * as l10n from "@vscode/l10n";
import type { ContextChoice } from "../../../contract/view/contextMessages.ts";
import type { PopupEntry, PopupGroup } from "../../ui/Popup.tsx";
import type { Completion } from "../composer/completion.ts";
import type { Store } from "../state/store.ts";

/** Completes `#` at the start of a word with what can be attached. The editor finds it while the user types. */
export function contextCompletion(store: Store): Completion {
  return {
    trigger: "#",
    at: "word",
    name: l10n.t("Context"),
    groups: (query) => contextGroups(store, query),
    onQuery: (query) => store.post({ type: "findContext", query }),
    take: (entry) => {
      attachChoice(store, entry);
      return "";
    },
  };
}

/** Attaches what an entry of the list stands for. */
export function attachChoice(store: Store, { id }: PopupEntry): void {
  store.post({ type: "attachChoice", id });
}

/** The choices for a text, by groups. Until the editor has searched for it, those of the text before it that still fit. */
export function contextGroups(store: Store, query: string): readonly PopupGroup[] {
  const { found } = store.shell.value;
  if (found === null) return [];
  const typed = query.toLowerCase();
  const fits = ({ id, label, detail = "" }: ContextChoice) =>
    found.query === query || [id, label, detail].some((text) => text.toLowerCase().includes(typed));
  const shown = found.choices.filter(fits);
  const entriesOf = (group: ContextChoice["group"]) =>
    shown.filter((choice) => choice.group === group).map(entryOf);
  return [
    { name: l10n.t("From the editor"), nameHidden: true, entries: entriesOf("sources") },
    { name: l10n.t("Files"), entries: entriesOf("files") },
    { name: l10n.t("Symbols"), entries: entriesOf("symbols") },
  ].filter(({ entries }) => entries.length > 0);
}

function entryOf({ id, icon, label, detail, unavailable }: ContextChoice): PopupEntry {
  return { id, icon, label, detail, note: unavailable, disabled: unavailable !== undefined };
}
