import { t } from "@vscode/l10n";
import { warningWords } from "./announce.ts";
import { Icon } from "./Icon.tsx";
import { LinkButton } from "./LinkButton.tsx";
import { useStore } from "./services.ts";
import { Tool } from "./Tool.tsx";

/** A threshold of the budget was passed: said once, over the input, until it is put away. */
export function BudgetStrip() {
  const store = useStore();
  const words = warningWords(store.shell.value);
  if (words === undefined) return null;
  const dismiss = () => {
    store.post({ type: "dismissWarning" });
    store.receive({ type: "budgetWarning", percent: null });
    store.focusInput.value++;
  };
  return (
    <div class="sy-strip sy-is-warning">
      <Icon name="warning" />
      <span>
        {words}{" "}
        <LinkButton onClick={() => store.post({ type: "command", command: "changeBudget" })}>
          {t("Change budget…")}
        </LinkButton>
      </span>
      <Tool icon="close" name={t("Dismiss")} onClick={dismiss} />
    </div>
  );
}
