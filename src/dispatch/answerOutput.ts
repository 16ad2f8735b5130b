import type { AnswerEvent, AnswerSink } from "../contract/answer.ts";

/**
 * The one way to the consumer: passes every event on, and remembers what of the answer is shown, which decides whether a
 * failure is followed by another model's answer, by a resumed one, or by none.
 */
export class AnswerOutput implements AnswerSink {
  readonly #sink: AnswerSink;
  #texts: string[] = [];
  #toolCalls = 0;
  #shownCount = 0;

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  push(event: AnswerEvent): void {
    if (event.type === "text") {
      this.#texts.push(event.text);
      this.#shownCount += 1;
    } else if (event.type === "toolCall") {
      this.#toolCalls += 1;
      this.#shownCount += 1;
    } else if (event.type === "restarted") {
      this.#texts = [];
      this.#toolCalls = 0;
    }
    this.#sink.push(event);
  }

  drained(): Promise<void> | undefined {
    return this.#sink.drained();
  }

  /** How many texts and tool calls were ever shown. Reasoning does not count: no later answer can contradict it. */
  get shownCount(): number {
    return this.#shownCount;
  }

  /** A tool call is shown: the answer can neither be continued nor, where it cannot be retracted, replaced. */
  get hasToolCall(): boolean {
    return this.#toolCalls > 0;
  }

  /** All text that is shown. */
  get text(): string {
    return this.#texts.join("");
  }
}
