import type { AnswerEvent, AnswerSink } from "../../contract/answer.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { RequestContext } from "../requestContext.ts";

/**
 * Relays an answer that replaces a partial one, which it retracts when the new answer's first piece arrives that is not
 * reasoning. If a model only reasons and then fails, the partial answer stays.
 */
export class RetractingSink implements AnswerSink {
  readonly #from: ModelRef;
  readonly #to: ModelRef;
  readonly #context: RequestContext;
  #hasRetracted = false;

  constructor(from: ModelRef, to: ModelRef, context: RequestContext) {
    this.#from = from;
    this.#to = to;
    this.#context = context;
  }

  push(event: AnswerEvent): void {
    const { output, progress } = this.#context;
    if (!this.#hasRetracted && event.type !== "reasoning") {
      this.#hasRetracted = true;
      progress.handoffs.push({ from: this.#from, to: this.#to, method: "restart" });
      output.push({ type: "restarted" });
    }
    output.push(event);
  }

  drained(): Promise<void> | undefined {
    return this.#context.output.drained();
  }
}
