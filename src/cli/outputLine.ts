import type { Decision, Skipped } from "../contract/decision.ts";
import { routeName } from "../contract/decision.ts";
import { NANO_PER_USD } from "../contract/money.ts";
import { expectedMs } from "../routing/decide/order.ts";
import type { World } from "../routing/decide/world.ts";
import { type Reason, reasonsOf } from "../routing/explain.ts";

/** What is said of a prompt. */
export type OutputLine = {
  readonly line: number;
  /** Of the settings; `derived:high`, `derived:medium` or `derived:low` where none of them matched. */
  readonly route: string;
  /** Who would be asked; null where nobody would. */
  readonly model: string | null;
  /** In the order in which they would be asked, the model first. */
  readonly chain: readonly string[];
  readonly complexity: "low" | "medium" | "high";
  readonly complexityScore: number;
  /** The arm of the route's experiment; null where it takes part in none. */
  readonly variant: "control" | "treatment" | null;
  /** Null where nobody would be asked, or the price is not known. */
  readonly expectedCostUsd: number | null;
  readonly expectedInputTokens: number;
  readonly expectedOutputTokens: number;
  readonly reasons: readonly Reason[];
  readonly skipped: readonly PassedOverLine[];
};

type PassedOverLine = Skipped extends infer P
  ? P extends Skipped
    ? Omit<P, "ref"> & { readonly model: string }
    : never
  : never;

export function outputLine(line: number, decision: Decision, { health }: Pick<World, "health">): OutputLine {
  const { features, outcome, experiment, expectedInputTokens, expectedOutputTokens } = decision;
  const chain = outcome.kind === "chosen" ? outcome.chain : [];
  const [first] = chain;
  const cost = first?.expectedNanoUsd;
  return {
    line,
    route: routeName(decision.route),
    model: first?.ref ?? null,
    chain: chain.map(({ ref }) => ref),
    complexity: features.complexity.level,
    complexityScore: features.complexity.score,
    variant: experiment?.arm ?? null,
    expectedCostUsd: cost === undefined ? null : cost / NANO_PER_USD,
    expectedInputTokens,
    expectedOutputTokens,
    reasons: reasonsOf(decision, (ref) => expectedMs(health.get(ref)?.latency, expectedOutputTokens)),
    skipped: decision.skipped.map(({ ref: model, ...why }) => ({ model, ...why })),
  };
}
