import { t } from "@vscode/l10n";
import type { Decision } from "../../contract/view/shown.ts";
import { affinityTimes, affinityWords } from "./affinity.ts";
import { experimentWords } from "./experiment.ts";
import type { Names } from "./names.ts";
import { listed } from "./passedOver.ts";
import { complexityWords, pickWords, routeName } from "./routes.ts";
import { similarityWords } from "./similarity.ts";

/** Something that had a part in a decision; a quiet one is worth knowing, but decided nothing. */
export type Fact = { readonly name: string; readonly value: string; readonly quiet?: boolean };

/** What was found in a prompt, and by what the pick was made. */
export function factsOf(decision: Decision, decidedInMs: number | undefined, names: Names): readonly Fact[] {
  const { features, attributes, route, followUp } = decision;
  const similarity = similarityWords(decision);
  const facts: readonly [name: string, value: string | undefined, quiet?: boolean][] = [
    [t("Route"), followUp === true ? routeName(route) : undefined],
    [t("Similarity"), similarity?.words, similarity?.decided === false],
    [t("Complexity"), complexityWords(features.complexity)],
    [t("Size"), t("{tokens} tokens", { tokens: features.contextTokens.toLocaleString() })],
    [t("Keywords"), features.keywords.length > 0 ? listed(features.keywords) : undefined],
    [t("Command"), attributes.command && `/${attributes.command}`],
    [t("Language"), attributes.language],
    [t("Private"), attributes.isPrivate ? t("Yes: local models only") : undefined],
    [t("Picked by"), pickWords(decision)],
    [t("Experiment"), experimentWords(decision)],
    [t("Conversation"), affinityWords(decision, names)],
    [t("Expected time"), affinityTimes(decision)],
    [t("Decided in"), decidedInMs === undefined ? undefined : decidedWords(decidedInMs, features.cached)],
  ];
  return facts.flatMap(([name, value, quiet = false]) =>
    value === undefined ? [] : [{ name, value, quiet }],
  );
}

function decidedWords(ms: number, cached: boolean): string {
  const figure = { ms: ms < 10 ? ms.toFixed(1) : Math.round(ms) };
  return cached ? t("{ms}\u00a0ms, classified before", figure) : t("{ms}\u00a0ms", figure);
}
