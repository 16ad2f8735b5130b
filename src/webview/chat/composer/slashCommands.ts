import * as l10n from "@vscode/l10n";
import type { PromptCommand } from "../../../contract/view/commandMessages.ts";
import type { PopupEntry } from "../../ui/Popup.tsx";
import type { Store } from "../state/store.ts";
import type { Completion } from "./completion.ts";

/** A command that the view carries out itself. It sends nothing. */
type Action = PopupEntry & { readonly run: (store: Store) => void };

function actions(): readonly Action[] {
  return [
    {
      id: "new",
      label: "/new",
      icon: "add",
      detail: l10n.t("Start a new conversation"),
      run: (store) => store.post({ type: "new" }),
    },
    {
      id: "model",
      label: "/model",
      icon: "list-selection",
      detail: l10n.t("Pick the model that answers"),
      run: (store) => store.openModelPicker(),
    },
    {
      id: "export",
      label: "/export",
      icon: "export",
      detail: l10n.t("Save this conversation as a file"),
      run: (store) => store.post({ type: "command", command: "exportConversation" }),
    },
  ];
}

const BUILT_IN_ICONS: Readonly<Record<string, string>> = {
  explain: "comment",
  fix: "wrench",
  tests: "beaker",
  document: "book",
  refactor: "edit",
  review: "eye",
  commit: "git-commit",
};

/** Completes `/` at the start of the input with commands. An entry that sends a prompt is written there, and the user continues it. */
export function slashCommands(store: Store): Completion {
  return {
    trigger: "/",
    at: "text",
    name: l10n.t("Commands"),
    groups: (query) => {
      const typed = query.toLowerCase();
      const { promptCommands } = store.shell.value;
      const entries = [...promptCommands.map(entryOf), ...actions()];
      const found = entries.filter(({ id }) => id.toLowerCase().startsWith(typed));
      return found.length === 0 ? [] : [{ name: l10n.t("Commands"), nameHidden: true, entries: found }];
    },
    take: ({ id, label }) => {
      const action = actions().find((each) => each.id === id);
      action?.run(store);
      return action === undefined ? `${label} ` : "";
    },
  };
}

function entryOf({ name, description, source }: PromptCommand): PopupEntry {
  const icon = { "built-in": BUILT_IN_ICONS[name] ?? "comment", settings: "lightbulb", workspace: "file" }[
    source
  ];
  return { id: name, label: `/${name}`, icon, detail: description };
}

/** Carries out a command that is typed out, such as `/new`, and leaves the text after it in the input. @returns false if it is none */
export function runTypedAction(store: Store, text: string): boolean {
  const [, name, rest] = /^\s*\/(\S+)\s*(.*)$/s.exec(text) ?? [];
  const action = actions().find(({ id }) => id === name);
  if (action === undefined) return false;
  store.write(rest ?? "");
  action.run(store);
  return true;
}
