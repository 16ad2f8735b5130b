/** What is shown in place of an answer when a prompt was not sent: over budget, no model, or a route with a mistake. */
import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import type { BlockReason, BudgetChoice, Decision, Skipped } from "../../../contract/view/types.ts";
import { overLimitTitle } from "../../../explain/limits.ts";
import { describeExpectedCost, describeOverBudgetFigures } from "../../../explain/money.ts";
import type { ModelNames } from "../../../explain/names.ts";
import { noModelTitle } from "../../../explain/unanswered.ts";
import { type Action, ActionButtons } from "../../ui/buttons.tsx";
import { MessageBox } from "../../ui/messages.tsx";
import { SkippedCandidate } from "../details/Candidates.tsx";
import { backToAuto } from "../details/ModelLock.tsx";
import { type Store, useStore } from "../state/store.ts";
import { earlierTurnsActions, LONG_EARLIER_TOKENS } from "./EarlierTurns.tsx";

/** The box lists up to this many skipped models; the details list all. */
const MAX_MODELS = 4;

type BudgetChoicesProps = {
  readonly turn: TurnView;
  readonly reason: Extract<BlockReason, { kind: "over-budget" }>;
  readonly isLast: boolean;
};

/** A prompt that is over budget: its expected cost, and the choices with their prices. */
export function BudgetChoices({ turn, reason, isLast }: BudgetChoicesProps) {
  const store = useStore();
  const turnId = turn.id;
  const isChosen = useSignal(false);
  const choose = (choice: BudgetChoice["kind"] | "discard") => {
    // Raising the budget asks for an amount first, which the user can cancel.
    isChosen.value = choice !== "raise";
    store.focusInput.value++;
    store.post({ type: "budgetChoice", turnId, choice });
  };
  return (
    <MessageBox kind="warning" name={l10n.t("Budget")} title={overLimitTitle(reason.limit)}>
      <p>{describeOverBudgetFigures(reason)}</p>
      {isLast && !isChosen.value && (
        <div class="sy-choices">
          {reason.choices.map((choice) => (
            <Choice
              key={choice.kind}
              {...describeChoice(choice, store.names.value)}
              onClick={() => choose(choice.kind)}
            />
          ))}
          {hasLongHistory(turn) &&
            earlierTurnsActions(turnId, store).map(({ name, run }) => (
              <Choice key={name} name={name} price="" onClick={run} />
            ))}
          <Choice
            name={l10n.t("Do not send")}
            price=""
            detail={l10n.t("Returns the prompt to the input")}
            onClick={() => choose("discard")}
          />
        </div>
      )}
    </MessageBox>
  );
}

/** Whether many of the tokens of a prompt are earlier turns. */
function hasLongHistory({ prompt, answer }: TurnView): boolean {
  const ownTokens = prompt.context.reduce((sum, { tokens }) => sum + tokens, prompt.text.length / 4);
  return (answer.decision?.expectedInputTokens ?? 0) - ownTokens >= LONG_EARLIER_TOKENS;
}

type ChoiceTexts = { readonly name: string; readonly price: string; readonly detail?: string };

function Choice({ name, price, detail, onClick }: ChoiceTexts & { readonly onClick: () => void }) {
  return (
    <button type="button" class="sy-choice" onClick={onClick}>
      <span class="sy-name">{name}</span>
      <span class="sy-num">{price}</span>
      {detail !== undefined && <span class="sy-quiet-text">{detail}</span>}
    </button>
  );
}

function describeChoice(choice: BudgetChoice, names: ModelNames): ChoiceTexts {
  switch (choice.kind) {
    case "cheapest":
      return {
        name: l10n.t("Use the cheapest model"),
        price: describeExpectedCost(choice.expectedNanoUsd),
        detail: choice.ref,
      };
    case "free":
      return {
        name: l10n.t("Use a free model"),
        price: l10n.t("free"),
        detail: choice.local ? l10n.t("{model}, on this machine", { model: choice.ref }) : choice.ref,
      };
    case "raise":
      return {
        name: l10n.t("Raise the budget…"),
        price: "",
        detail: l10n.t("Continue with {model}", { model: names(choice.ref) }),
      };
  }
}

type NoModelAvailableProps = {
  readonly turnId: string;
  readonly decision: Decision | undefined;
  readonly isLast: boolean;
};

/** A prompt whose candidates were all skipped: why, and what to do. */
export function NoModelAvailable({ turnId, decision, isLast }: NoModelAvailableProps) {
  const store = useStore();
  const skipped = decision?.skipped ?? [];
  const shown = skipped.slice(0, MAX_MODELS);
  return (
    <MessageBox kind="warning" name={l10n.t("Not sent")} title={noModelTitle(decision)}>
      {shown.length > 0 && (
        <ul class="sy-candidates">
          {shown.map((candidate) => (
            <SkippedCandidate key={candidate.ref} skipped={candidate} atMs={decision?.atMs ?? 0} />
          ))}
        </ul>
      )}
      {skipped.length > shown.length && (
        <p class="sy-quiet-text">{l10n.t("And {count} more.", { count: skipped.length - shown.length })}</p>
      )}
      {isLast && (
        <ActionButtons actions={[...backToAuto(turnId, store), ...actionsFor(skipped, turnId, store)]} />
      )}
    </MessageBox>
  );
}

/** A prompt whose route cannot be read: what is wrong in the settings. */
export function InvalidRoute({ problem, isLast }: { readonly problem: string; readonly isLast: boolean }) {
  const store = useStore();
  const edit = () => store.post({ type: "command", command: "editRoutes" });
  return (
    <MessageBox
      kind="warning"
      name={l10n.t("Not sent")}
      title={l10n.t("The route of this prompt cannot be read")}
    >
      <p>{problem}</p>
      {isLast && <ActionButtons actions={[{ name: l10n.t("Edit routes…"), run: edit }]} />}
    </MessageBox>
  );
}

function actionsFor(skipped: readonly Skipped[], turnId: string, store: Store): Action[] {
  const has = (...reasons: Skipped["reason"][]) => skipped.some(({ reason }) => reasons.includes(reason));
  const actions: [offered: boolean, name: string, run: () => void][] = [
    [has("no-key", "auth"), l10n.t("Add a key…"), () => store.post({ type: "command", command: "addKey" })],
    [
      has("private") && !has("no-key"),
      l10n.t("Find local models"),
      () => store.post({ type: "command", command: "findLocalModels" }),
    ],
    [
      has("invalid-provider"),
      l10n.t("Open settings…"),
      () => store.post({ type: "command", command: "openSettings" }),
    ],
    [
      has("breaker-open", "rate-limit", "quota"),
      l10n.t("Try again"),
      () => store.post({ type: "retry", turnId }),
    ],
    [has("capability"), l10n.t("Try another model…"), () => store.post({ type: "regenerateWith", turnId })],
    [
      has("below-min-quality", "tier", "capability", "unknown-price", "not-found") || skipped.length === 0,
      l10n.t("Edit routes…"),
      () => store.post({ type: "command", command: "editRoutes" }),
    ],
  ];
  const others = actions.flatMap(([offered, name, run]) => (offered ? [{ name, run }] : [])).slice(0, 2);
  return has("context-window") ? [...earlierTurnsActions(turnId, store), ...others] : others;
}
