import { t } from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import type { Decision } from "../../contract/view/shown.ts";
import { describeExpectedCost, describeOverBudget, describeSpend } from "../../explain/money.ts";
import type { ModelNames } from "../../explain/names.ts";
import { describeRoute } from "../../explain/routes.ts";
import { Icon } from "./Icon.tsx";
import { LinkButton } from "./LinkButton.tsx";
import { useStore } from "./services.ts";

/** Under the input: where the prompt would go and for how much, and the money of the day. */
export function ForecastLine() {
  const store = useStore();
  const { budget } = store.shell.value;
  return (
    <div class="sy-forecast">
      <p class="sy-quiet">
        <Expected />
        {budget !== null && (
          <span class="sy-part sy-push">
            {describeSpend(budget)}
            {budget.budgetNanoUsd === undefined ? (
              ` ${t("today")}`
            ) : (
              <span class="sy-hidden-text"> {t("today")}</span>
            )}
          </span>
        )}
      </p>
    </div>
  );
}

function Expected(): ComponentChildren {
  const store = useStore();
  const { forecast, readiness, busyTurnId } = store.shell.value;
  const draft = store.draft.value;
  if (busyTurnId !== null) return <span class="sy-part">{t("Enter to queue")}</span>;
  if (draft !== "" && forecast !== null)
    return <Forecast decision={forecast.forecast.decision} names={store.names.value} />;
  if (readiness?.kind !== "simulator") return null;
  return (
    <>
      <span class="sy-part sy-part--model">{t("Simulator")}</span>
      <span class="sy-part">{t("free")}</span>
      {store.shell.value.conversation !== null && (
        <span class="sy-part">
          <LinkButton onClick={() => store.post({ type: "command", command: "addKey" })}>
            {t("Add a key…")}
          </LinkButton>
        </span>
      )}
    </>
  );
}

function Forecast({ decision, names }: { readonly decision: Decision; readonly names: ModelNames }) {
  const { outcome } = decision;
  if (outcome.kind === "blocked") {
    return (
      <>
        <Icon name="warning" state="sy-is-warning" />
        <span class="sy-part">
          {outcome.reason.kind === "over-budget"
            ? describeOverBudget(outcome.reason)
            : t("No model can answer this now")}
        </span>
      </>
    );
  }
  const first = outcome.chain[0];
  return (
    <>
      <span class="sy-hidden-text">{t("Expected:")} </span>
      <span class="sy-part sy-part--model">{names(first.ref)}</span>
      <span class="sy-part sy-part--route">{describeRoute(decision)}</span>
      <span class="sy-part">
        {first.simulated === true ? t("free") : describeExpectedCost(first.expectedNanoUsd)}
      </span>
    </>
  );
}
