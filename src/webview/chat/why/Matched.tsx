import { t } from "@vscode/l10n";
import type { Decision } from "../../../contract/view/shown.ts";
import { factsOf } from "../../words/facts.ts";
import { embedderWords } from "../../words/similarity.ts";
import { useStore } from "../services.ts";

type MatchedProps = { readonly decision: Decision; readonly decidedInMs: number | undefined };

/** What was found in the prompt, and by what the pick was made. */
export function Matched({ decision, decidedInMs }: MatchedProps) {
  const embedder = embedderWords(decision);
  return (
    <>
      <h3>{t("What matched")}</h3>
      <dl class="sy-facts">
        {factsOf(decision, decidedInMs, useStore().names.value).map(({ name, value, quiet }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={quiet === true ? "sy-quiet-text" : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      {embedder !== undefined && <p class="sy-why-more sy-quiet-text">{embedder}</p>}
    </>
  );
}
