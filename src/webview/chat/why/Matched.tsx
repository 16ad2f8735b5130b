import { t } from "@vscode/l10n";
import type { Decision } from "../../../contract/view/shown.ts";
import { factsOf } from "../../../explain/facts.ts";
import { describeSkippedEmbedder } from "../../../explain/routes.ts";
import { useStore } from "../services.ts";

type MatchedProps = { readonly decision: Decision; readonly decidedInMs: number | undefined };

/** What was found in the prompt, and by what the pick was made. */
export function Matched({ decision, decidedInMs }: MatchedProps) {
  const embedder = describeSkippedEmbedder(decision);
  return (
    <>
      <h3>{t("What matched")}</h3>
      <dl class="sy-facts">
        {factsOf(decision, decidedInMs, useStore().names.value).map(({ name, value, isMinor }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class={isMinor ? "sy-quiet-text" : undefined}>{value}</dd>
          </div>
        ))}
      </dl>
      {embedder !== undefined && <p class="sy-why-more sy-quiet-text">{embedder}</p>}
    </>
  );
}
