import type { AnswerEvent } from "../contract/answer.ts";
import type { Decision } from "../contract/decision.ts";
import { routeName } from "../contract/decision.ts";
import type { ModelRef } from "../contract/model.ts";
import type { Cost } from "../contract/money.ts";

/** What is known of an answer while it runs: who decided, who is being asked, and how many were given up on. */
export class AnswerFacts {
  #decision: Decision | undefined;
  #ref: ModelRef | undefined;
  #fallbacks = 0;

  hear(event: AnswerEvent): void {
    if (event.type === "decided") this.#decision = event.decision;
    else if (event.type === "attempt") this.#ref = event.ref;
    else if (event.type === "failedOver") this.#fallbacks += 1;
  }

  /** @throws Error before the decision, which is the first thing that is told */
  get decision(): Decision {
    if (this.#decision === undefined) throw new Error("An answer began before its decision.");
    return this.#decision;
  }

  /** The model that is being asked. @throws Error before the first attempt */
  get ref(): ModelRef {
    if (this.#ref === undefined) throw new Error("An answer began before its first attempt.");
    return this.#ref;
  }

  get fallbacks(): number {
    return this.#fallbacks;
  }

  /** The headers that tell of it. @param cost where it is known before the headers go */
  headers(cost?: Cost): Readonly<Record<string, string>> {
    return {
      ...(this.#ref === undefined ? {} : { "x-switchyard-model": headerText(this.#ref) }),
      ...(this.#decision === undefined
        ? {}
        : { "x-switchyard-route": headerText(routeName(this.#decision.route)) }),
      "x-switchyard-fallbacks": String(this.#fallbacks),
      ...(cost === undefined ? {} : { "x-switchyard-cost-usd": costText(cost) }),
    };
  }
}

/** A header holds no more than ASCII: the rest is percent-encoded. */
function headerText(text: string): string {
  return text.toWellFormed().replace(/[^\x20-\x7e]/gu, encodeURIComponent);
}

/** Dollars with all nine digits of a nano-dollar, never rounded. */
function costText(cost: Cost): string {
  if (cost.kind === "unknown") return "unknown";
  const digits = String(cost.nanoUsd).padStart(10, "0");
  return `${digits.slice(0, -9)}.${digits.slice(-9)}`;
}
