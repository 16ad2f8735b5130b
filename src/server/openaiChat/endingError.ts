import type { AnswerSummary, Attempt } from "../../contract/answer.ts";
import type { BudgetScope } from "../../contract/budget.ts";
import type { Decision } from "../../contract/decision.ts";
import type { FailureRecord } from "../../contract/failure.ts";
import { splitRef } from "../../contract/model.ts";
import type {
  BlockReason,
  BudgetChoice,
  NeededBudget,
  Skipped,
  UnboundedCost,
} from "../../contract/skipped.ts";
import { describeSkipped } from "../../explain/decision/skipped.ts";
import { formatBudget, formatMoney, formatMoneyApart, lowerFirst } from "../../explain/format.ts";
import { describeKeyVariables } from "../../providers/registry/providerSettings.ts";
import type { Settings } from "../../settings/schema.ts";
import type { WireError } from "../httpError.ts";

/** Most answers end within this time. */
const RESERVED_RETRY_SECONDS = 5;

/**
 * The error response for an answer that is not complete; undefined for a complete answer.
 * @param settings name the variables of missing keys
 */
export function errorOf(
  summary: AnswerSummary,
  decision: Decision,
  settings: Settings,
): WireError | undefined {
  const { ending } = summary;
  switch (ending.kind) {
    case "complete":
      return undefined;
    case "stopped":
      return serverError(503, "stopped", "The answer was stopped.");
    case "not-sent":
      return notSent(ending.reason, summary, decision, settings);
    case "failed":
      return failed(ending.failure, summary, decision);
  }
}

function failed(
  failure: FailureRecord,
  { attempts, notCalled = [] }: AnswerSummary,
  { skipped, atMs }: Decision,
): WireError {
  const overBudget = [...skipped, ...notCalled]
    .filter(({ reason }) => reason === "over-budget")
    .map((model) => `${model.ref}: ${lowerFirst(describeSkipped(model, atMs))}`);
  const message = `No model completed an answer. ${[...attempts.map(describeAttempt), ...overBudget].join("; ")}.`;
  switch (failure.kind) {
    case "context-length":
      return clientError(400, "context_length_exceeded", message, "messages");
    case "refused":
      return clientError(400, "content_filter", message);
    case "too-large":
      return clientError(413, "request_too_large", message);
    case "capability":
      return clientError(400, "unsupported_capability", message);
    case "bad-request":
      return clientError(400, failure.code ?? "bad_request", message, failure.fields?.[0]);
    case "not-found":
      return attempts.length === 1
        ? clientError(404, "model_not_found", message, "model")
        : serverError(502, "all_models_failed", message);
    case "rate-limited":
      return {
        ...serverError(429, "rate_limit_exceeded", message),
        retryAfterSeconds:
          failure.retryAfterMs === undefined ? undefined : Math.ceil(failure.retryAfterMs / 1000),
      };
    case "overloaded":
    case "timeout":
    case "cut":
    case "empty":
    case "auth":
    case "forbidden":
    case "quota":
    case "unreachable":
    case "certificate":
    case "malformed":
    case "cancelled":
      return overBudget.length > 0 ? budgetError(message) : serverError(502, "all_models_failed", message);
  }
}

function describeAttempt({ ref, outcome }: Attempt): string {
  switch (outcome.kind) {
    case "answered":
      return `${ref}: answered`;
    case "not-resumed":
      return `${ref}: did not continue the answer`;
    case "failed":
      return `${ref}: ${describeFailureForClient(outcome.failure)}`;
  }
}

function describeFailureForClient({ kind, status, message }: FailureRecord): string {
  const sentence = message.trim().replace(/[.\s]+$/, "");
  return `${kind}${status === undefined ? "" : ` (${status})`}, ${sentence}`;
}

function notSent(
  reason: BlockReason,
  { notCalled = [] }: AnswerSummary,
  { skipped, atMs }: Decision,
  settings: Settings,
): WireError {
  switch (reason.kind) {
    case "no-model-available": {
      const unbounded = skipped.find((model) => model.reason === "unknown-price")?.unboundedCost;
      if (unbounded !== undefined) return unboundedCost(unbounded);
      const reasons = [...skipped, ...notCalled].map(
        (model) => `${model.ref}: ${lowerFirst(describeSkipped(model, atMs))}`,
      );
      if (notCalled.some(({ reason }) => reason === "over-budget")) {
        return reserved(`No model is available. ${reasons.join("; ")}.`);
      }
      return serverError(
        503,
        "no_model_available",
        `No model is available. ${reasons.join("; ")}.${missingKeys(skipped, settings)}`,
      );
    }
    case "invalid-route":
      return serverError(503, "invalid_route", `The route that applies cannot be read. ${reason.problem}`);
    case "over-budget":
      return overBudget(reason);
  }
}

function overBudget(reason: Extract<BlockReason, { kind: "over-budget" }>): WireError {
  const { limit, budgetNanoUsd, leftNanoUsd, reservedNanoUsd, expectedNanoUsd, needed, choices } = reason;
  const { name, setting, until } = describeLimit(limit);
  const budget = formatBudget(budgetNanoUsd);
  const [most, left] = formatMoneyApart(needed?.nanoUsd ?? expectedNanoUsd, leftNanoUsd);
  const cost =
    needed === undefined
      ? `it is expected to cost ${most}`
      : `its input and ${needed.outputTokens.toLocaleString("en")} output tokens cost at most ${most}${describeFactor(needed)}`;
  if (reservedNanoUsd !== undefined && needed !== undefined && needed.nanoUsd <= leftNanoUsd) {
    return reserved(
      `Other requests have reserved ${formatMoney(reservedNanoUsd)} of ${name} of ${budget}, of which ` +
        `${left} is left: for this request, ${cost}.`,
    );
  }
  const waiting = until === undefined ? [] : [`wait until ${until}`];
  const remedies = [`Raise ${setting}`, ...waiting, ...choices.flatMap(describeChoice)];
  return budgetError(
    `This request is over ${name} of ${budget}: ${cost}, and ${left} is left. ${remedies.join(", or ")}.`,
  );
}

type LimitWords = { readonly name: string; readonly setting: string; readonly until?: string };

function describeLimit(limit: BudgetScope): LimitWords {
  switch (limit.kind) {
    case "day":
      return { name: "the daily budget", setting: "switchyard.budget.dailyUsd", until: "midnight" };
    case "month":
      return {
        name: "the monthly budget",
        setting: "switchyard.budget.monthlyUsd",
        until: "the first of next month",
      };
    case "conversation":
      return { name: "the conversation’s budget", setting: "switchyard.budget.perConversationUsd" };
    case "model":
      return {
        name: `the daily budget for ${limit.ref}`,
        setting: "switchyard.budget.perModelUsd",
        until: "midnight",
      };
    case "provider":
      return {
        name: `the daily budget for ${limit.id}`,
        setting: "switchyard.budget.perProviderUsd",
        until: "midnight",
      };
  }
}

function describeFactor({ overrunFactor }: NeededBudget): string {
  return overrunFactor === undefined
    ? ""
    : ` (${overrunFactor.toFixed(1)} times the price, because the model has exceeded its output limit)`;
}

function budgetError(message: string): WireError {
  return { status: 402, type: "insufficient_quota", code: "budget_exceeded", message };
}

/** What other requests have reserved becomes free when they settle, mostly within seconds. */
function reserved(message: string): WireError {
  return {
    ...serverError(429, "budget_reserved", `${message} Try again in a moment.`),
    retryAfterSeconds: RESERVED_RETRY_SECONDS,
  };
}

function unboundedCost({ kind, name }: UnboundedCost): WireError {
  const reason =
    kind === "field"
      ? `${name} lets the provider use another model or other prices, or adds a fee`
      : `The cost of ${name} has no known upper bound`;
  return clientError(
    400,
    "unbounded_cost",
    `${reason}, so the budget cannot cover this request. Leave it out, choose a local model, or remove the ` +
      "limits of switchyard.budget.",
    name.replace(/ .*$/, ""),
  );
}

/** What to do about models that were skipped because their providers have no key. */
function missingKeys(skipped: readonly Skipped[], settings: Settings): string {
  const providers = skipped.flatMap(({ reason, ref }) =>
    reason === "no-key" ? [splitRef(ref).provider] : [],
  );
  const variables = new Set(providers.map((id) => describeKeyVariables(id, settings)));
  return variables.size === 0
    ? ""
    : ` Set ${[...variables].join(" or ")} in the environment of serve, and start it again.`;
}

function describeChoice(choice: BudgetChoice): readonly string[] {
  return choice.kind === "free" ? [`choose "${choice.ref}", which is free`] : [];
}

function clientError(status: number, code: string, message: string, param?: string): WireError {
  return { status, type: "invalid_request_error", code, message, param };
}

function serverError(status: number, code: string, message: string): WireError {
  return { status, type: "server_error", code, message };
}
