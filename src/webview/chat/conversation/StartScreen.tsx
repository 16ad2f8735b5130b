import * as l10n from "@vscode/l10n";
import { ActionButtons, Icon } from "../../ui/buttons.tsx";
import { MessageBox } from "../../ui/messages.tsx";
import { useStore } from "../state/store.ts";

/** The screen of a new conversation: what Switchyard does, suggested prompts, and the notice while no key is set. */
export function StartScreen() {
  const store = useStore();
  const suggestions = [
    { icon: "comment", text: l10n.t("Explain what this code does"), attach: true },
    { icon: "beaker", text: l10n.t("Write a test for this code"), attach: true },
    { icon: "lightbulb", text: l10n.t("Compare two ways to retry a failed request"), attach: false },
  ];
  const suggest = (text: string, attach: boolean) => {
    if (attach) store.post({ type: "attachSelection" });
    store.write(text);
    store.focusInput.value++;
  };
  return (
    <div class="sy-start">
      <svg
        class="sy-start-mark"
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        stroke-width="1.5"
        stroke-linecap="round"
        aria-hidden="true"
      >
        <path d="M4 18.5h18.25M4 18.5C12.5 18.5 9.5 5 17.5 5h4.75M9.4 15.6c2.2-2.4 4-3.85 8.1-3.85h4.75" />
        <circle cx="4.25" cy="18.5" r="2.5" fill="currentColor" stroke="none" />
      </svg>
      <h1 class="sy-start-title">{l10n.t("Ask, and see what it costs")}</h1>
      <p class="sy-start-lead">
        {l10n.t(
          "Each prompt goes to the model that suits it, within your daily budget. Under each answer: which model, why, and the price.",
        )}
      </p>
      <ul class="sy-suggest" aria-label={l10n.t("Suggested prompts")}>
        {suggestions.map(({ icon, text, attach }) => (
          <li key={icon}>
            <button type="button" onClick={() => suggest(text, attach)}>
              <Icon name={icon} />
              <span>{text}</span>
            </button>
          </li>
        ))}
      </ul>
      {store.shell.value.readiness?.kind === "simulator" && <SimulatorNotice />}
    </div>
  );
}

function SimulatorNotice() {
  const store = useStore();
  return (
    <MessageBox kind="info" name={l10n.t("Simulator")}>
      <p>
        {l10n.t(
          "No key is set, so a simulator on this machine answers. It is free, and its answers are made up.",
        )}
      </p>
      <ActionButtons
        actions={[
          { name: l10n.t("Add a key…"), run: () => store.post({ type: "command", command: "addKey" }) },
          {
            name: l10n.t("Find local models"),
            run: () => store.post({ type: "command", command: "findLocalModels" }),
          },
        ]}
      />
    </MessageBox>
  );
}
