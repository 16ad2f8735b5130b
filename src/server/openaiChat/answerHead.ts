import type { AnswerEvent } from "../../contract/answer.ts";
import { type Decision, routeName } from "../../contract/decision.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { Cost } from "../../contract/money.ts";

/** Collects the data for the response headers while an answer runs: decision, current model and number of fallbacks. */
export class AnswerHead {
  #decision: Decision | undefined;
  #ref: ModelRef | undefined;
  #fallbacks = 0;

  update(event: AnswerEvent): void {
    if (event.type === "decided") this.#decision = event.decision;
    else if (event.type === "attempt" || event.type === "answeredBy") this.#ref = event.ref;
    else if (event.type === "failedOver") this.#fallbacks += 1;
  }

  /** @throws Error before the `decided` event, which is the first one of every answer */
  get decision(): Decision {
    if (this.#decision === undefined) throw new Error("An answer began before its decision.");
    return this.#decision;
  }

  /** The model that is called, or that the provider uses in its place. @throws Error before the first attempt */
  get ref(): ModelRef {
    if (this.#ref === undefined) throw new Error("An answer began before its first attempt.");
    return this.#ref;
  }

  /** The response headers that are known before a model answers. */
  earlyHeaders(): Readonly<Record<string, string>> {
    if (this.#decision === undefined) return {};
    const budget = budgetHeader(this.#decision);
    return {
      "x-switchyard-route": headerValue(routeName(this.#decision.route)),
      ...(budget === undefined ? {} : { "x-switchyard-budget": budget }),
    };
  }

  /** The response headers that describe the answer. @param cost undefined if the headers are sent before it is known */
  headers(cost?: Cost): Readonly<Record<string, string>> {
    const headers: Record<string, string> = {
      "x-switchyard-fallbacks": String(this.#fallbacks),
      ...this.earlyHeaders(),
    };
    if (this.#ref !== undefined) headers["x-switchyard-model"] = headerValue(this.#ref);
    if (cost !== undefined) headers["x-switchyard-cost-usd"] = exactUsd(cost);
    return headers;
  }
}

/** What the budget changed: `exceeded; limit=day` or `downgraded; limit=day`. Undefined if nothing. */
function budgetHeader({ outcome, skipped }: Decision): string | undefined {
  if (outcome.kind === "blocked" || (outcome.byBudget ?? outcome.insteadOf) === undefined) return undefined;
  const first = skipped.find(({ reason }) => reason === "over-budget");
  const limit = first?.reason === "over-budget" ? first.limit : undefined;
  return `${outcome.byBudget === "cheapest" ? "exceeded" : "downgraded"}; limit=${limit?.kind ?? "unknown"}`;
}

/** A header holds printable ASCII only: everything else is percent-encoded. */
function headerValue(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent);
}

/** Dollars with all nine digits of a nano-dollar, never rounded. */
function exactUsd(cost: Cost): string {
  if (cost.kind === "unknown") return "unknown";
  const digits = String(cost.nanoUsd).padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
