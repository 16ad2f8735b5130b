import { t } from "@vscode/l10n";
import type { TurnView } from "../../contract/view/protocol.ts";
import { formatList } from "../../explain/format.ts";
import type { ModelNames } from "../../explain/names.ts";
import { modelOf } from "./state.ts";

/** What an answer is called: by whom it is, who continued it, and whether it is whole. */
export function answerName(turn: TurnView, isBusy: boolean, names: ModelNames): string {
  const { handoffs: seams = [], summary } = turn.answer;
  const ref = modelOf(turn);
  if (isWaiting(turn)) return t("Waiting for your choice");
  if (ref === undefined) return isBusy ? t("Answer, still being written") : t("No answer");
  const ending = summary?.ending;
  const first = seams[0];
  if (first !== undefined) {
    const models = { first: names(first.from), others: formatList(seams.map(({ to: by }) => names(by))) };
    if (isBusy) return t("Answer by {first}, continued by {others}, still being written", models);
    if (ending?.kind === "stopped") return t("Answer by {first}, continued by {others}, stopped", models);
    if (ending === undefined || ending.kind === "failed")
      return t("Answer by {first}, continued by {others}, not complete", models);
    return t("Answer by {first}, continued by {others}", models);
  }
  const model = names(ref);
  if (isBusy) return t("Answer by {model}, still being written", { model });
  if (ending?.kind === "stopped") return t("Answer by {model}, stopped", { model });
  if (ending === undefined || ending.kind === "failed")
    return t("Answer by {model}, not complete", { model });
  return t("Answer by {model}", { model });
}

/** The budget does not carry it, and the user decides what becomes of it. */
export function isWaiting({ answer }: TurnView): boolean {
  const ending = answer.summary?.ending;
  return ending?.kind === "not-sent" && ending.reason.kind === "over-budget";
}
