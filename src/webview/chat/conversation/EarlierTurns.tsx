/** Earlier turns are sent with each prompt. A long conversation offers to leave out the oldest, or to start a new one. */
import * as l10n from "@vscode/l10n";
import { formatTokens } from "../../../explain/format.ts";
import { type Action, LinkButton } from "../../ui/buttons.tsx";
import { Note } from "../../ui/messages.tsx";
import { type Store, useStore } from "../state/store.ts";

/** From this many tokens of earlier turns on, the view mentions them: at $3 per million tokens they cost $0.09. */
export const LONG_EARLIER_TOKENS = 30_000;

/** Between the turns that are left out and those that are sent. */
export function LeftOutNote({ count }: { readonly count: number }) {
  return (
    <div class="sy-left-out">
      <Note icon="fold-up">
        {count === 1
          ? l10n.t("The turn above is not sent with later prompts.")
          : l10n.t("The {count} turns above are not sent with later prompts.", { count })}{" "}
        <LeaveOutLink name={l10n.t("Change…")} />
      </Note>
    </div>
  );
}

/** Below the input: how much of the prompt is earlier turns, if it is much, or that the oldest are left out. */
export function EarlierTurnsLine() {
  const store = useStore();
  const { conversation, forecast, busyTurnId } = store.shell.value;
  const leftOut = conversation?.leftOut ?? 0;
  if (leftOut > 0) {
    return (
      <p class="sy-earlier">
        {leftOut === 1
          ? l10n.t("The oldest turn is not sent.")
          : l10n.t("The {count} oldest turns are not sent.", { count: leftOut })}{" "}
        <LeaveOutLink name={l10n.t("Change…")} />
      </p>
    );
  }
  const isLong = forecast !== null && forecast.earlierTokens >= LONG_EARLIER_TOKENS;
  if (!isLong || busyTurnId !== null || store.draft.value === "") return null;
  return (
    <p class="sy-earlier">
      {l10n.t("{earlier} of {all} tokens are earlier turns.", {
        earlier: formatTokens(forecast.earlierTokens),
        all: formatTokens(Math.max(forecast.earlierTokens, forecast.decision.expectedInputTokens)),
      })}{" "}
      <LeaveOutLink name={l10n.t("Leave out the oldest…")} />{" "}
      <LinkButton onClick={() => store.post({ type: "new" })}>{l10n.t("New conversation")}</LinkButton>
    </p>
  );
}

function LeaveOutLink({ name }: { readonly name: string }) {
  const store = useStore();
  return <LinkButton onClick={() => store.post({ type: "leaveOut", turnId: null })}>{name}</LinkButton>;
}

/** What to do about a prompt of the last turn that is too long, or too expensive, because of the turns before it. */
export function earlierTurnsActions(turnId: string, store: Store): Action[] {
  const leftOut = store.shell.value.conversation?.leftOut ?? 0;
  const hasEarlierTurns = store.turns.value.length - leftOut > 1;
  if (!hasEarlierTurns) return [];
  return [
    {
      name: l10n.t("Leave out the oldest turns…"),
      run: () => store.post({ type: "leaveOut", turnId }),
    },
    { name: l10n.t("Move to a new conversation"), run: () => store.post({ type: "moveToNew", turnId }) },
  ];
}
