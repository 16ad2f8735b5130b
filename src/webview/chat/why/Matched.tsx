import { t } from "@vscode/l10n";
import type { Decision } from "../../../contract/view/shown.ts";
import { listed } from "../../words/passedOver.ts";
import { complexityWords, pickWords } from "../../words/routes.ts";

type MatchedProps = { readonly decision: Decision; readonly decidedInMs: number | undefined };

/** What was found in the prompt, and by what the pick was made. */
export function Matched({ decision, decidedInMs }: MatchedProps) {
  const { features, attributes, pick } = decision;
  const facts: [name: string, value: string | undefined][] = [
    [t("Complexity"), complexityWords(features.complexity)],
    [t("Size"), t("{tokens} tokens", { tokens: features.contextTokens.toLocaleString() })],
    [t("Keywords"), features.keywords.length > 0 ? listed(features.keywords) : undefined],
    [t("Command"), attributes.command && `/${attributes.command}`],
    [t("Language"), attributes.language],
    [t("Private"), attributes.isPrivate ? t("Yes: local models only") : undefined],
    [t("Picked by"), pickWords(pick)],
    [t("Decided in"), decidedInMs === undefined ? undefined : decidedWords(decidedInMs)],
  ];
  return (
    <>
      <h3>{t("What matched")}</h3>
      <dl class="sy-facts">
        {facts.map(([name, value]) =>
          value === undefined ? null : (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
        )}
      </dl>
    </>
  );
}

function decidedWords(ms: number): string {
  return t("{ms}\u00a0ms", { ms: ms < 10 ? ms.toFixed(1) : Math.round(ms) });
}
