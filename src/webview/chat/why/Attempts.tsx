import { t } from "@vscode/l10n";
import { durationText } from "../../../contract/view/format.ts";
import type { Attempt } from "../../../contract/view/shown.ts";
import { attemptCostWords, attemptWords } from "../../words/attempts.ts";
import { Icon } from "../Icon.tsx";

/** Each call of a model, from the first to the one that answered. */
export function Attempts({ attempts }: { readonly attempts: readonly Attempt[] }) {
  if (attempts.length === 0) return null;
  return (
    <>
      <h3>{t("Attempts")}</h3>
      <ol class="sy-steps">
        {attempts.map((attempt, index) => (
          <li key={attempt.startedMs}>
            {attempt.outcome.kind === "answered" ? (
              <Icon name="pass-filled" state="sy-is-good" />
            ) : (
              <Icon
                name={wasStopped(attempt) ? "debug-stop" : "error"}
                state={wasStopped(attempt) ? "" : "sy-is-error"}
              />
            )}
            <span>{attempt.ref}</span>
            <span class="sy-num" title={t("Time from the start of the request")}>
              {durationText(attempt.startedMs)}
            </span>
            <span class="sy-reason">
              {attemptWords(attempt, attempts[index - 1]?.ref === attempt.ref)}{" "}
              {attempt.outcome.kind === "failed" && attemptCostWords(attempt)}
            </span>
          </li>
        ))}
      </ol>
    </>
  );
}

function wasStopped({ outcome }: Attempt): boolean {
  return outcome.kind === "failed" && outcome.failure.kind === "cancelled";
}
