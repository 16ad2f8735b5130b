import { useSignal } from "@preact/signals";
import { t } from "@vscode/l10n";
import type { BudgetChoice, Stop } from "../../contract/view/shown.ts";
import { describeExpectedCost, describeOverBudgetFigures, overBudgetTitle } from "../../explain/money.ts";
import type { ModelNames } from "../../explain/names.ts";
import { Box } from "./Box.tsx";
import { useStore } from "./services.ts";

type BudgetChoicesProps = {
  readonly turnId: string;
  readonly stop: Stop & { readonly kind: "over-budget" };
  readonly isLast: boolean;
};

/** The budget does not carry a prompt: what it would cost, and the ways out with their prices. */
export function BudgetChoices({ turnId, stop, isLast }: BudgetChoicesProps) {
  const store = useStore();
  const isChosen = useSignal(false);
  const choose = (choice: BudgetChoice["kind"] | "discard") => {
    // Raising asks for a figure first, and that can be called off.
    isChosen.value = choice !== "raise";
    store.focusInput.value++;
    store.post({ type: "budgetChoice", turnId, choice });
  };
  const offered = isLast && !isChosen.value;
  return (
    <Box kind="warning" name={t("Budget")} title={overBudgetTitle(stop)}>
      <p>{describeOverBudgetFigures(stop)}</p>
      {offered && (
        <div class="sy-choices">
          {stop.choices.map((choice) => {
            const words = choiceWords(choice, store.names.value);
            return <Choice key={choice.kind} {...words} onClick={() => choose(choice.kind)} />;
          })}
          <Choice
            name={t("Do not send")}
            price=""
            detail={t("The prompt goes back to the input")}
            onClick={() => choose("discard")}
          />
        </div>
      )}
    </Box>
  );
}

type ChoiceProps = { readonly name: string; readonly price: string; readonly detail: string };

function Choice({ name, price, detail, onClick }: ChoiceProps & { readonly onClick: () => void }) {
  return (
    <button type="button" class="sy-choice" onClick={onClick}>
      <span class="sy-name">{name}</span>
      <span class="sy-num">{price}</span>
      <span class="sy-quiet-text">{detail}</span>
    </button>
  );
}

function choiceWords(choice: BudgetChoice, names: ModelNames): ChoiceProps {
  switch (choice.kind) {
    case "cheapest":
      return {
        name: t("Use the cheapest model"),
        price: describeExpectedCost(choice.expectedNanoUsd),
        detail: choice.ref,
      };
    case "free":
      return {
        name: t("Use a free model"),
        price: t("free"),
        detail: choice.local ? t("{model}, on this machine", { model: choice.ref }) : choice.ref,
      };
    case "raise":
      return {
        name: t("Raise the budget…"),
        price: "",
        detail: t("Then {model} answers, as the route says", { model: names(choice.ref) }),
      };
  }
}
