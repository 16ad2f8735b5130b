import type { AnswerEvent, AnswerSink } from "../../contract/answer.ts";
import type { ModelRef } from "../../contract/model.ts";
import type { ResumableAnswer } from "./partialAnswer.ts";
import { anchorStitcher, prefillStitcher, type Stitcher } from "./stitcher.ts";

/**
 * Passes on an answer that continues a partial one: only its new text, from the handoff point on, which `resumed`
 * announces. Where the answer turns out not to continue the partial one, nothing of it is passed on and `signal` is
 * aborted.
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

  /** Aborted once the answer cannot be used. */
  get signal(): AbortSignal {
    return this.#unusable.signal;
  }

  push(event: AnswerEvent): void {
    if (this.signal.aborted) return;
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

  /** The call is over. Returns whether what came continues the partial answer, as far as it came. */
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
