import type { AnswerEvent, AnswerSink } from "../../contract/answer.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { ResumableAnswer } from "./partialAnswer.ts";
import { anchorStitcher, prefillStitcher, type Stitcher } from "./stitcher.ts";

/**
 * Relays the new text of an answer that continues a partial one, after a `resumed` event. If the answer does not continue
 * the partial one, none of it is relayed, and `signal` is aborted.
 */
export class StitchingSink implements AnswerSink {
  readonly #partial: ResumableAnswer;
  readonly #to: ModelRef;
  readonly #output: AnswerSink;
  readonly #stitcher: Stitcher;
  readonly #unusable = new AbortController();
  #isAnnounced = false;

  constructor(partial: ResumableAnswer, to: ModelRef, output: AnswerSink) {
    this.#partial = partial;
    this.#to = to;
    this.#output = output;
    this.#stitcher =
      partial.method === "prefill" ? prefillStitcher(partial.text) : anchorStitcher(partial.text);
  }

  /** Aborted when the answer turns out not to continue the partial one. */
  get signal(): AbortSignal {
    return this.#unusable.signal;
  }

  push(event: AnswerEvent): void {
    if (this.signal.aborted) return;
    // They describe only the rest of the answer.
    if (event.type === "wireFields") return;
    if (event.type !== "text" && event.type !== "toolCall") {
      this.#output.push(event);
      return;
    }
    const newText = event.type === "text" ? this.#stitcher.push(event.text) : this.#stitcher.end();
    if (newText === undefined) {
      this.#unusable.abort();
      return;
    }
    if (newText !== "" || event.type === "toolCall") this.#pass(newText);
    if (event.type === "toolCall") this.#output.push(event);
  }

  drained(): Promise<void> | undefined {
    return this.#output.drained();
  }

  /** Ends the call. Returns whether what was received continues the partial answer. */
  end(isComplete: boolean): boolean {
    if (this.signal.aborted) return false;
    if (!isComplete) return true;
    const rest = this.#stitcher.end();
    if (rest === undefined) return false;
    this.#pass(rest);
    return true;
  }

  #pass(text: string): void {
    if (!this.#isAnnounced) {
      this.#isAnnounced = true;
      const { from, method } = this.#partial;
      this.#output.push({ type: "resumed", from, to: this.#to, method });
    }
    if (text !== "") this.#output.push({ type: "text", text });
  }
}
