import * as l10n from "@vscode/l10n";
import type { AnswerSummary, Decision } from "../../../contract/view/types.ts";
import { describeCacheCosts } from "../../../explain/decision/picks.ts";
import { type Action, Icon } from "../../ui/buttons.tsx";
import { type Store, useStore } from "../state/store.ts";

/** If a model is kept for the conversation: lets the routes decide again, and sends the prompt of the last turn again. */
export function backToAuto(turnId: string, store: Store): readonly Action[] {
  if (store.shell.value.choice.model === undefined) return [];
  const run = () => {
    store.post({ type: "chooseModel", model: null });
    store.post({ type: "retry", turnId });
  };
  return [{ name: l10n.t("Back to Auto"), run }];
}

type ModelLockProps = { readonly decision: Decision; readonly summary: AnswerSummary };

/** Keeps the model that answered for the conversation, or lets the routes decide again. */
export function ModelLock({ decision, summary: { modelUsed } }: ModelLockProps) {
  const store = useStore();
  const names = store.names.value;
  const { model: kept } = store.shell.value.choice;
  if (kept === undefined && modelUsed === undefined) return null;
  const costs = describeCacheCosts(decision, names);
  const isKept = kept !== undefined && kept === modelUsed;
  const keep = (model: string) => {
    store.post({ type: "chooseModel", model });
    store.announcement.value = l10n.t("{model} is kept for the conversation.", { model: names(model) });
  };
  const release = () => {
    store.post({ type: "chooseModel", model: null });
    store.announcement.value = l10n.t("The routes decide again.");
  };
  // One button for both, so that it keeps the focus.
  const toggle = modelUsed === undefined || isKept ? release : () => keep(modelUsed);
  return (
    <div class="sy-lock">
      {kept !== undefined && (
        <p>
          <Icon name="lock" />
          <span>
            {isKept
              ? l10n.t("This model is kept for the conversation.")
              : l10n.t("{model} is kept for the conversation.", { model: names(kept) })}
          </span>
        </p>
      )}
      <button type="button" class="sy-button sy-button--second" onClick={toggle}>
        <Icon name={toggle === release ? "unlock" : "lock"} />
        {toggle === release ? l10n.t("Back to Auto") : l10n.t("Keep this model for the conversation")}
      </button>
      {costs !== undefined && <p class="sy-quiet-text">{costs}</p>}
    </div>
  );
}
