import { t } from "@vscode/l10n";
import { Actions } from "./Actions.tsx";
import { Box } from "./Box.tsx";
import { Icon } from "./Icon.tsx";
import { useStore } from "./services.ts";

/** The first screen: what this is, something to begin with, and who answers while no key is set. */
export function Start() {
  const store = useStore();
  const suggestions = [
    { icon: "comment", text: t("Explain what this code does"), attach: true },
    { icon: "beaker", text: t("Write a test for this code"), attach: true },
    { icon: "lightbulb", text: t("Compare two ways to retry a failed request"), attach: false },
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
      <h1 class="sy-start-title">{t("Ask, and see what it costs")}</h1>
      <p class="sy-start-lead">
        {t(
          "Each prompt goes to the model that suits it, within your daily budget. Under each answer: which model, why, and the price.",
        )}
      </p>
      <ul class="sy-suggest" aria-label={t("Suggested prompts")}>
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
    <Box kind="info" name={t("Simulator")}>
      <p>
        {t("No key is set, so a simulator on this machine answers. It is free, and its answers are made up.")}
      </p>
      <Actions
        actions={[
          { name: t("Add a key…"), run: () => store.post({ type: "command", command: "addKey" }) },
          {
            name: t("Find local models"),
            run: () => store.post({ type: "command", command: "findLocalModels" }),
          },
        ]}
      />
    </Box>
  );
}
