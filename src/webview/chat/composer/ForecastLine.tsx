import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import type { Decision } from "../../../contract/view/types.ts";
import { describeRoute } from "../../../explain/decision/routes.ts";
import { describeOverLimit } from "../../../explain/limits.ts";
import { describeExpectedCost, describeSpend } from "../../../explain/money.ts";
import type { ModelNames } from "../../../explain/names.ts";
import { notSentTitle } from "../../../explain/unanswered.ts";
import { Icon, LinkButton } from "../../ui/buttons.tsx";
import { tooLongFor } from "../context/fitting.ts";
import { EarlierTurnsLine } from "../conversation/EarlierTurns.tsx";
import { useStore } from "../state/store.ts";

/** Below the input: where the prompt would go, its expected cost, and the spend of the day. */
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
            <span> {l10n.t("today")}</span>
          </span>
        )}
      </p>
      <EarlierTurnsLine />
    </div>
  );
}

function Expected(): ComponentChildren {
  const store = useStore();
  const { attached, forecast, missing, readiness, busyTurnId } = store.shell.value;
  const draft = store.draft.value;
  if (draft !== "" && missing !== null)
    return (
      <>
        <Icon name="warning" state="sy-is-warning" />
        <span class="sy-part sy-part--sentence">{missing}</span>
      </>
    );
  if (busyTurnId !== null) return <span class="sy-part">{l10n.t("Enter to queue")}</span>;
  // The input shows it, and what to remove.
  if (draft !== "" && forecast !== null && tooLongFor(forecast.decision, attached.context)) return null;
  if (draft !== "" && forecast !== null)
    return <Forecast decision={forecast.decision} names={store.names.value} />;
  if (readiness?.kind !== "simulator") return null;
  return (
    <>
      <span class="sy-part sy-part--model">{l10n.t("Simulator")}</span>
      <span class="sy-part">{l10n.t("free")}</span>
      {store.shell.value.conversation !== null && (
        <span class="sy-part">
          <LinkButton onClick={() => store.post({ type: "command", command: "addKey" })}>
            {l10n.t("Add a key…")}
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
        <span class="sy-part sy-part--sentence">
          {outcome.reason.kind === "over-budget"
            ? describeOverLimit(outcome.reason.limit)
            : notSentTitle(decision, outcome.reason)}
        </span>
      </>
    );
  }
  const first = outcome.chain[0];
  return (
    <>
      <span class="sy-hidden-text">{l10n.t("Expected:")} </span>
      <span class="sy-part sy-part--model" title={names(first.ref)}>
        {names(first.ref)}
      </span>
      <span class="sy-part sy-part--route" title={describeRoute(decision)}>
        {describeRoute(decision)}
      </span>
      <span class="sy-part">
        {first.simulated === true
          ? l10n.t("free")
          : describeExpectedCost(first.expectedNanoUsd, decision.expectedCostRange)}
      </span>
    </>
  );
}
