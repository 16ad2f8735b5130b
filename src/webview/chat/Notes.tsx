import { t } from "@vscode/l10n";
import type { TurnView } from "../../contract/view/protocol.ts";
import type { AnswerSummary, FallbackNote } from "../../contract/view/shown.ts";
import { describeBrokenAnswer } from "../../explain/broken.ts";
import { describeFallback } from "../../explain/failures.ts";
import { LinkButton } from "./LinkButton.tsx";
import { Note } from "./Note.tsx";
import { useStore } from "./services.ts";

type NotesProps = { readonly turn: TurnView };
type NotesAfterProps = NotesProps & { readonly isBusy: boolean; readonly isLast: boolean };

/** What stands before an answer: who was asked first, and what the budget decided. */
export function NotesBefore({ turn }: NotesProps) {
  const names = useStore().names.value;
  const { fallbacks, summary, decision } = turn.answer;
  const outcome = decision?.outcome;
  return (
    <>
      {outcome?.kind === "chosen" && outcome.byBudget !== undefined && (
        <Note icon="warning" warning>
          {outcome.byBudget === "free"
            ? t("Little is left of the budget, so a free model was asked.")
            : t("Little is left of the budget, so the cheapest model was asked.")}
        </Note>
      )}
      {untilTorn(fallbacks, summary).map((note) => (
        <Note key={note.from} icon="arrow-swap">
          {describeFallback(note, note.to === summary?.modelUsed, names)}
          {note.failure.kind === "auth" && <ReplaceKey provider={note.failure.provider} />}
        </Note>
      ))}
    </>
  );
}

/** Who was asked in vain to go on with an answer that broke is told where it ends; but a refused key is to be mended. */
function untilTorn(
  fallbacks: readonly FallbackNote[],
  summary: AnswerSummary | undefined,
): readonly FallbackNote[] {
  const torn = summary?.ending.kind === "failed" ? summary.modelUsed : undefined;
  const from = fallbacks.findIndex((note) => note.from === torn);
  return fallbacks.filter(({ failure }, index) => from < 0 || index < from || failure.kind === "auth");
}

/** The provider is not asked again with this key, so this is said once, and mended here. */
function ReplaceKey({ provider }: { readonly provider: string }) {
  const store = useStore();
  return (
    <>
      {" "}
      <LinkButton onClick={() => store.post({ type: "replaceKey", provider })}>
        {t("Replace the key…")}
      </LinkButton>
    </>
  );
}

/** What stands after an answer that is not whole. */
export function NotesAfter({ turn, isBusy, isLast }: NotesAfterProps) {
  const store = useStore();
  const { summary } = turn.answer;
  const ending = summary?.ending;
  const again = (
    <LinkButton onClick={() => store.post({ type: "retry", turnId: turn.id })}>{t("Try again")}</LinkButton>
  );
  switch (ending?.kind) {
    case undefined:
      if (isBusy) return null;
      return (
        <Note icon="debug-disconnect" warning>
          {t("This answer is not complete.")} {isLast && again}
        </Note>
      );
    case "stopped":
      return <Note icon="debug-stop">{t("Stopped by you. This answer is not complete.")}</Note>;
    case "failed":
      return (
        <Note icon="debug-disconnect" warning>
          {summary && describeBrokenAnswer(summary, ending.failure, store.names.value)} {isLast && again}
        </Note>
      );
    case "complete":
      if (ending.limitedBy === undefined) return null;
      return (
        <Note icon="debug-pause">
          {ending.limitedBy === "ours"
            ? t("Stopped at the limit that is set for an answer.")
            : t("Stopped at the model’s own limit.")}{" "}
          {isLast && (
            <LinkButton onClick={() => store.post({ type: "continue", turnId: turn.id })}>
              {t("Continue")}
            </LinkButton>
          )}
        </Note>
      );
    case "not-sent":
      return null;
  }
}
