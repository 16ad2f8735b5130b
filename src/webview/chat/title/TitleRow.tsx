import { useSignal } from "@preact/signals";
import * as l10n from "@vscode/l10n";
import { useEffect, useId } from "preact/hooks";
import type { ConversationBudget } from "../../../contract/view/statusMessages.ts";
import { describeTotalAgainst, describeTotalTokens, sumTokens, totalsOf } from "../../../explain/totals.ts";
import { Icon, IconButton } from "../../ui/buttons.tsx";
import type { Shell } from "../state/reducer.ts";
import { useStore } from "../state/store.ts";
import { AnswersTable, answersOf } from "./AnswersTable.tsx";

/** The title of the conversation with what it cost, the way to the list, and a menu. */
export function TitleRow() {
  const store = useStore();
  const isOpen = useSignal(false);
  const id = useId();
  const { conversation } = store.shell.value;
  useEffect(() => {
    isOpen.value = false;
  }, [conversation?.id]);
  if (conversation === null) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Escape" || !isOpen.value) return;
    event.preventDefault();
    isOpen.value = false;
  };
  return (
    // The table handles Escape; everything in it is a button.
    // biome-ignore lint/a11y/noStaticElementInteractions: see above
    <div class="sy-title" data-vscode-context={menuContext(conversation)} onKeyDown={onKeyDown}>
      <header class="sy-head">
        <IconButton
          icon="arrow-left"
          name={l10n.t("Conversations")}
          onClick={() => store.post({ type: "list", query: "" })}
        />
        <h1 class="sy-head-title" title={conversation.title}>
          {conversation.title}
        </h1>
        {conversation.isPrivate && (
          <span
            class="sy-head-lock"
            role="img"
            aria-label={l10n.t("Private: local models only")}
            title={l10n.t("Private: local models only")}
          >
            <Icon name="lock" />
          </span>
        )}
        <TotalsButton isOpen={isOpen.value} controls={id} onToggle={() => (isOpen.value = !isOpen.value)} />
        <button
          type="button"
          class="sy-tool"
          aria-label={l10n.t("More actions")}
          title={l10n.t("More actions")}
          aria-haspopup="menu"
          onClick={(event) => openMenu(event.currentTarget)}
        >
          <Icon name="ellipsis" />
        </button>
      </header>
      {isOpen.value && <AnswersTable id={id} known={knownBudget(store.shell.value)} />}
    </div>
  );
}

type TotalsButtonProps = {
  readonly isOpen: boolean;
  /** The id of the table. */
  readonly controls: string;
  readonly onToggle: () => void;
};

/** What the answers cost together, and their tokens. The button shows the answers. */
function TotalsButton({ isOpen, controls, onToggle }: TotalsButtonProps) {
  const store = useStore();
  const summaries = answersOf(store.turns.value).map(({ summary }) => summary);
  if (summaries.length === 0) return null;
  const totals = totalsOf(summaries);
  const known = knownBudget(store.shell.value);
  return (
    <button
      type="button"
      class="sy-head-total"
      aria-expanded={isOpen}
      aria-controls={isOpen ? controls : undefined}
      title={l10n.t("Cost and tokens of this conversation")}
      onClick={onToggle}
    >
      <span class="sy-hidden-text">{l10n.t("Cost and tokens of this conversation")} </span>
      <span class="sy-part">
        {describeTotalAgainst(totals, known?.spentNanoUsd ?? 0, known?.budgetNanoUsd ?? null)}
      </span>
      <span class="sy-part sy-part--tokens">
        {describeTotalTokens(sumTokens([totals, ...(known === null ? [] : [known.replaced])]))}
      </span>
      <Icon name={isOpen ? "chevron-up" : "chevron-down"} />
    </button>
  );
}

/** What the ledger has of the conversation that is shown; null while it is not known. */
function knownBudget({ conversation, conversationBudget }: Shell): ConversationBudget | null {
  return conversationBudget?.conversationId === conversation?.id ? conversationBudget : null;
}

/**
 * What VS Code's menu for a conversation depends on and passes to its commands: `webview/context` in package.json.
 * @returns the value of the attribute `data-vscode-context`
 */
export function menuContext({
  id,
  isPinned = false,
}: {
  readonly id: string;
  readonly isPinned?: boolean | undefined;
}): string {
  return JSON.stringify({
    webviewSection: "conversation",
    conversationId: id,
    switchyardIsPinned: isPinned,
    preventDefaultContextMenuItems: true,
  });
}

/** Opens VS Code's own menu below a button. A webview can open it only by the event of a right click. */
function openMenu(button: HTMLElement): void {
  const { left, bottom } = button.getBoundingClientRect();
  button.dispatchEvent(new MouseEvent("contextmenu", { bubbles: true, clientX: left, clientY: bottom }));
}
