import type { ServerResponse } from "node:http";
import type { AnswerEvent, AnswerSummary } from "../../contract/answer.ts";
import { answeringModel } from "../../explain/attempts.ts";
import type { AnswerHead } from "./answerHead.ts";
import { NO_FIELDS, type ResponseWriter, wireFinishReason, wireToolCall, wireUsage } from "./wire.ts";

/** Writes an answer in one piece, as a `chat.completion`. */
export class WholeWriter implements ResponseWriter {
  readonly #response: ServerResponse;
  readonly #head: AnswerHead;
  readonly #createdSeconds: number;
  #text = "";
  #reasoning = "";
  #toolCalls: object[] = [];
  #fields = NO_FIELDS;

  constructor(response: ServerResponse, head: AnswerHead, createdSeconds: number) {
    this.#response = response;
    this.#head = head;
    this.#createdSeconds = createdSeconds;
  }

  push(event: AnswerEvent): void {
    switch (event.type) {
      case "text":
        this.#text += event.text;
        break;
      case "reasoning":
        this.#reasoning += event.text;
        break;
      case "toolCall":
        this.#toolCalls.push(wireToolCall(event));
        break;
      case "wireFields":
        this.#fields = event;
        break;
      case "restarted":
        this.#text = "";
        this.#reasoning = "";
        this.#toolCalls = [];
        this.#fields = NO_FIELDS;
        break;
      case "decided":
      case "attempt":
      case "answeredBy":
      case "failedOver":
      case "resumed":
        this.#head.update(event);
    }
  }

  drained(): undefined {
    return undefined;
  }

  end(summary: AnswerSummary): void {
    const { decisionId, usage, cost } = summary;
    const { answer, choice, message: fields } = this.#fields;
    const hasCalls = this.#toolCalls.length > 0;
    const hasText = this.#text !== "" || !(hasCalls || Object.hasOwn(fields, "refusal"));
    const message = {
      role: "assistant",
      content: hasText ? this.#text : null,
      refusal: null,
      ...fields,
      ...(this.#reasoning === "" ? {} : { reasoning_content: this.#reasoning }),
      ...(hasCalls ? { tool_calls: this.#toolCalls } : {}),
    };
    const finishReason = wireFinishReason(summary, this.#toolCalls.length);
    const json = JSON.stringify({
      ...answer,
      id: `chatcmpl-${decisionId}`,
      object: "chat.completion",
      created: this.#createdSeconds,
      model: answeringModel(summary) ?? this.#head.ref,
      choices: [{ logprobs: null, ...choice, index: 0, message, finish_reason: finishReason }],
      ...(usage === undefined ? {} : { usage: wireUsage(usage) }),
    });
    this.#response
      .writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(json),
        ...this.#head.headers(cost),
      })
      .end(json);
  }

  fail(): boolean {
    return false;
  }

  [Symbol.dispose](): void {}
}
