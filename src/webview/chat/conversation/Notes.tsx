import * as l10n from "@vscode/l10n";
import type { ComponentChildren } from "preact";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import type { AnswerSummary, FallbackNote } from "../../../contract/view/types.ts";
import { describeBrokenAnswer, describeOutputLimit, describeStoppedAnswer } from "../../../explain/broken.ts";
import { describeFallback } from "../../../explain/failures.ts";
import { describeBudgetEffect, describeExcess, describeLateEffect } from "../../../explain/money.ts";
import { LinkButton } from "../../ui/buttons.tsx";
import { Note } from "../../ui/messages.tsx";
import { useStore } from "../state/store.ts";

type NotesProps = { readonly turn: TurnView };
type NotesAfterProps = NotesProps & {
  readonly hasText: boolean;
  readonly isBusy: boolean;
  readonly isLast: boolean;
};

/** The notes above an answer: what the budget changed, and the models that failed before. */
export function NotesBefore({ turn }: NotesProps) {
  const names = useStore().names.value;
  const { fallbacks, summary, decision } = turn.answer;
  const effect = decision && describeBudgetEffect(decision, names);
  const excess = decision && summary && describeExcess(decision, summary.cost);
  return (
    <>
      {effect !== undefined && (
        <Note icon="warning" warning>
          {effect} {excess}
        </Note>
      )}
      {decision &&
        summary &&
        describeLateEffect(decision, summary, names).map((text) => (
          <Note key={text} icon="warning" warning>
            {text}
          </Note>
        ))}
      {fallbacksBeforeAnswer(fallbacks, summary).map((note) => (
        <Note key={note.from} icon="arrow-swap">
          {describeFallback(note, note.to === summary?.modelUsed, names)}
          {note.failure.kind === "auth" && <ReplaceKey provider={note.failure.provider} />}
        </Note>
      ))}
    </>
  );
}

/**
 * Leaves out the models that failed to continue a broken answer: the note at its end covers them; and all models where
 * none answered: the error box lists them. A key that was not accepted is always shown, because the user has to replace it.
 */
function fallbacksBeforeAnswer(
  fallbacks: readonly FallbackNote[],
  summary: AnswerSummary | undefined,
): readonly FallbackNote[] {
  if (summary?.ending.kind !== "failed") return fallbacks;
  const broken = summary.modelUsed;
  const firstAfter = broken === undefined ? 0 : fallbacks.findIndex((note) => note.from === broken);
  return fallbacks.filter(
    ({ failure }, index) => firstAfter < 0 || index < firstAfter || failure.kind === "auth",
  );
}

function ReplaceKey({ provider }: { readonly provider: string }) {
  const store = useStore();
  return (
    <>
      {" "}
      <LinkButton onClick={() => store.post({ type: "replaceKey", provider })}>
        {l10n.t("Replace the key…")}
      </LinkButton>
    </>
  );
}

/** The note below an answer that is not complete. */
export function NotesAfter({ turn, hasText, isBusy, isLast }: NotesAfterProps) {
  const store = useStore();
  const { summary } = turn.answer;
  const ending = summary?.ending;
  const retry = isLast && (
    <LinkButton onClick={() => store.post({ type: "retry", turnId: turn.id })}>
      {l10n.t("Try again")}
    </LinkButton>
  );
  const resume = isLast && (
    <LinkButton onClick={() => store.post({ type: "continue", turnId: turn.id })}>
      {l10n.t("Continue")}
    </LinkButton>
  );
  const actions = (
    <span class="sy-note-actions">
      {hasText && resume} {retry}
    </span>
  );
  switch (ending?.kind) {
    case undefined:
      if (!isBusy) return <StoppedNote isInterrupted actions={actions} />;
      if (!store.shell.value.isElsewhere) return null;
      return <Note icon="multiple-windows">{l10n.t("Another window is writing this answer.")}</Note>;
    case "stopped":
      return <StoppedNote isInterrupted={ending.interrupted === true} actions={actions} />;
    case "failed":
      return (
        <Note icon="debug-disconnect" warning>
          {summary && describeBrokenAnswer(summary, ending.failure, store.names.value)} {retry}
        </Note>
      );
    case "complete":
      if (ending.isUnexplained === true) {
        return (
          <Note icon="info">{l10n.t("Its server did not report why it ended. It may not be complete.")}</Note>
        );
      }
      if (ending.limitedBy === undefined) return null;
      return (
        <Note icon="debug-pause">
          {describeOutputLimit(ending.limitedBy)} {resume}
        </Note>
      );
    case "not-sent":
      return null;
  }
}

type StoppedNoteProps = { readonly isInterrupted: boolean; readonly actions: ComponentChildren };

/** An answer that the user stopped, or whose extension host ended before it. */
function StoppedNote({ isInterrupted, actions }: StoppedNoteProps) {
  return (
    <Note icon={isInterrupted ? "debug-disconnect" : "debug-stop"} warning={isInterrupted}>
      {describeStoppedAnswer(isInterrupted)} {actions}
    </Note>
  );
}
