import type { BudgetScope } from "../contract/budget.ts";
import type {
  Affinity,
  EscalationReason,
  ExpectedSpeed,
  ExperimentArm,
  Exploration,
  HeldLevel,
  PickMethod,
  RouteMatch,
} from "../contract/decision.ts";
import type { Cascade } from "../contract/edit/cascade.ts";
import type { Complexity, ComplexityLevel, RouteSimilarity } from "../contract/features.ts";
import type { ModelRef } from "../contract/model.ts";
import type { NanoUsd } from "../contract/money.ts";
import type { BlockReason } from "../contract/skipped.ts";

/** One reason for a decision, with its figures, as plain data. Views turn it into text. */
export type Reason =
  | { readonly kind: "route"; readonly match: RouteKind }
  | ({ readonly kind: "complexity" } & Complexity)
  /** The complexity of an earlier prompt, which the route was matched with. */
  | ({ readonly kind: "held" } & HeldLevel)
  /** The prompt belongs to another topic than the hardest prompt, whose complexity is not held. */
  | {
      readonly kind: "newTopic";
      readonly similarity: number;
      readonly threshold: number;
      readonly heldUntilNow: ComplexityLevel;
    }
  /** `applied`: the route's examples decided. Otherwise it is the most similar route, below its threshold. */
  | ({ readonly kind: "similarity"; readonly applied: boolean; readonly embedder: string } & RouteSimilarity)
  /** The configured embedder was skipped for this prompt. */
  | { readonly kind: "embedderSkipped"; readonly embedder: string; readonly message: string }
  /** The prompt is a follow-up and keeps the previous route and model. */
  | { readonly kind: "followUp"; readonly keeps?: ModelRef | undefined }
  /** The request returns the result of a tool and keeps the route and the model that called it. */
  | { readonly kind: "toolLoop"; readonly keeps?: ModelRef | undefined }
  /** The prompt was sent again, to a stronger model. */
  | {
      readonly kind: "escalated";
      readonly from: ModelRef;
      readonly reason: EscalationReason;
      readonly by: "quality" | "price";
    }
  /** `asks`: the first model of the chain, which is another than the arm's if that one was skipped. */
  | {
      readonly kind: "experiment";
      readonly name: string;
      readonly arm: ExperimentArm;
      readonly unit: string;
      readonly asks?: ModelRef | undefined;
    }
  | {
      readonly kind: "pick";
      readonly method: PickMethod;
      readonly ref: ModelRef;
      readonly figure: PickFigure;
    }
  /** `better` has a higher quality than `ref`, but by less than the standard error of the difference. */
  | {
      readonly kind: "uncertainQuality";
      readonly ref: ModelRef;
      readonly quality?: number | undefined;
      readonly standardError?: number | undefined;
      readonly better: ModelRef;
      readonly betterQuality?: number | undefined;
      readonly betterStandardError?: number | undefined;
    }
  /** Whether a cascade begins with a cheap model, and why. */
  | ({ readonly kind: "cascade" } & Cascade)
  | ({ readonly kind: "affinity" } & AffinityFigures)
  | ({ readonly kind: "exploration"; readonly ref: ModelRef } & Exploration)
  | BudgetReason
  | { readonly kind: "noModelAvailable"; readonly skipped: number }
  /** The route that applies cannot be read, so the prompt is not sent. */
  | { readonly kind: "invalidRoute"; readonly problem: string };

/** The figures that a pick compared. Unknown figures are undefined. */
export type PickFigure =
  | { readonly by: "order" }
  | { readonly by: "cost"; readonly expectedNanoUsd?: NanoUsd | undefined }
  | { readonly by: "time"; readonly expectedMs?: number | undefined; readonly basis?: SpeedBasis | undefined }
  | {
      readonly by: "costAndTime";
      readonly expectedNanoUsd?: NanoUsd | undefined;
      readonly expectedMs?: number | undefined;
      readonly basis?: SpeedBasis | undefined;
    }
  /** The lowest cost among the models near the best quality; of a cascade, among those with which beginning pays. */
  | {
      readonly by: "quality";
      readonly quality?: number | undefined;
      readonly expectedNanoUsd?: NanoUsd | undefined;
    };

/** Whether the speed was measured recently or long ago, or is assumed. */
type SpeedBasis = ExpectedSpeed["basis"];

export type RouteKind =
  | { readonly kind: "explicit" }
  | { readonly kind: "settings"; readonly name: string; readonly index: number }
  | Extract<RouteMatch, { kind: "derived" }>;

/** `verdict`: whether the conversation stayed with its model. The other properties are the decision's figures. */
export type AffinityFigures = WithVerdict<Affinity>;
type WithVerdict<A extends Affinity> = A extends Affinity
  ? { readonly verdict: A["kind"] } & Omit<A, "kind">
  : never;

/** The budget determined the outcome. `by`: the setting, or the user's choice for this prompt. */
export type BudgetReason = { readonly kind: "budget"; readonly by: "setting" | "choice" } & (
  | {
      /** `next`: the first model of the route that the budget covers. */
      readonly outcome: "free" | "cheapest" | "next";
      readonly ref: ModelRef;
      /** The model that would have come first if the budget covered it, and its worst case. */
      readonly insteadOf?: ModelRef | undefined;
      readonly worstCaseNanoUsd?: NanoUsd | undefined;
      /** The tightest limit. */
      readonly limit?: BudgetScope | undefined;
      readonly expectedNanoUsd?: NanoUsd | undefined;
      /** The lowest worst case among the models that the budget cannot afford; undefined if it can afford all. */
      readonly leastWorstCaseNanoUsd?: NanoUsd | undefined;
      readonly leftNanoUsd?: NanoUsd | undefined;
    }
  | ({ readonly outcome: "blocked" } & Omit<
      Extract<BlockReason, { kind: "over-budget" }>,
      "kind" | "choices"
    >)
);
