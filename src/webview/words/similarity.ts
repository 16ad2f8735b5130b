import { t } from "@vscode/l10n";
import type { Decision, RouteSimilarity } from "../../contract/view/shown.ts";
import { failureWords, inSentence } from "./attempts.ts";
import { againstBar } from "./bars.ts";

/** Examples are prompts, and may be long ones. */
const longest = 60;

/**
 * How alike the prompt is to the examples of the route that they chose; else, where no route's were near enough, to the
 * nearest. Undefined where examples had no say.
 */
export function similarityWords(
  decision: Decision,
): { readonly words: string; readonly decided: boolean } | undefined {
  const { route } = decision;
  if (!examplesHadASay(decision)) return undefined;
  if (route.kind === "settings" && route.similarity !== undefined) {
    return {
      words: t("{score} to “{example}”, needs {threshold}", figures(route.similarity)),
      decided: true,
    };
  }
  const best = nearest(decision.features.similarities?.routes ?? []);
  // Near enough, and yet not chosen: an earlier route applied, or its own conditions did not.
  if (best === undefined || best.score >= best.threshold) return undefined;
  return {
    words: t("{score} to “{example}” of “{route}”, needs {threshold}", {
      ...figures(best),
      route: best.name,
    }),
    decided: false,
  };
}

/** That another embedder than the settings’ compared, and why. */
export function embedderWords(decision: Decision): string | undefined {
  const skipped = decision.features.similarities?.skipped;
  if (skipped === undefined || !examplesHadASay(decision)) return undefined;
  return t("The embedder {embedder} was passed over: {reason}, so the built-in one compared.", {
    embedder: skipped.embedder,
    reason: inSentence(failureWords(skipped.failure)),
  });
}

/** Neither what one picked oneself nor a follow-up goes by the examples. */
function examplesHadASay({ route, followUp }: Decision): boolean {
  return route.kind !== "explicit" && followUp !== true;
}

function nearest(routes: readonly RouteSimilarity[]): RouteSimilarity | undefined {
  return routes.reduce<RouteSimilarity | undefined>(
    (best, each) => (best === undefined || each.score > best.score ? each : best),
    undefined,
  );
}

function figures({ score, threshold, nearest: { example } }: RouteSimilarity) {
  const { has, needs } = againstBar(score, threshold);
  return { score: has, threshold: needs, example: shortened(example) };
}

function shortened(example: string): string {
  const letters = [...example.replace(/\s+/g, " ").trim()];
  return letters.length <= longest ? letters.join("") : `${letters.slice(0, longest).join("").trimEnd()}…`;
}
