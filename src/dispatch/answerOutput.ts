import type { AnswerEvent, AnswerSink } from "../contract/answer.ts";

/**
 * The sink of one answer: relays every event to the consumer, and records the text and the tool calls that are shown.
 * After a failure they determine whether the answer can be started again, resumed, or neither.
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

  /** The number of texts and tool calls shown so far. Reasoning does not count: no later answer can contradict it. */
  get shownCount(): number {
    return this.#shownCount;
  }

  /** True if a tool call is shown: the answer cannot be resumed, and can be replaced only if it can be retracted. */
  get hasToolCall(): boolean {
    return this.#toolCalls > 0;
  }

  /** The text that is shown. */
  get text(): string {
    return this.#texts.join("");
  }
}
