import type { ServerResponse } from "node:http";
import type { AnswerEvent, AnswerSummary } from "../contract/answer.ts";
import type { AnswerFacts } from "./answerFacts.ts";
import type { AnswerVoice } from "./answerVoice.ts";
import { wireToolCall } from "./wireToolCall.ts";
import { wireUsage } from "./wireUsage.ts";

/** An answer in one piece, as `chat.completion`. */
export class WholeAnswer implements AnswerVoice {
  readonly #response: ServerResponse;
  readonly #facts: AnswerFacts;
  #text: string[] = [];
  #reasoning: string[] = [];
  #calls: object[] = [];

  constructor(response: ServerResponse, facts: AnswerFacts) {
    this.#response = response;
    this.#facts = facts;
  }

  say(event: AnswerEvent): undefined {
    if (event.type === "text") this.#text.push(event.text);
    else if (event.type === "reasoning") this.#reasoning.push(event.text);
    else if (event.type === "toolCall") this.#calls.push(wireToolCall(event));
    else if (event.type === "restarted") {
      this.#text = [];
      this.#reasoning = [];
      this.#calls = [];
    }
  }

  finish({ decisionId, ending, modelUsed, usage, cost }: AnswerSummary, createdSeconds: number): void {
    const isCut = ending.kind === "complete" && ending.limitedBy !== undefined;
    const text = this.#text.join("");
    const reasoning = this.#reasoning.join("");
    const body = {
      id: `chatcmpl-${decisionId}`,
      object: "chat.completion",
      created: createdSeconds,
      model: modelUsed ?? this.#facts.ref,
      choices: [
        {
          index: 0,
          message: {
            role: "assistant",
            content: text === "" && this.#calls.length > 0 ? null : text,
            refusal: null,
            ...(reasoning === "" ? {} : { reasoning_content: reasoning }),
            ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls }),
          },
          logprobs: null,
          finish_reason: isCut ? "length" : this.#calls.length > 0 ? "tool_calls" : "stop",
        },
      ],
      ...(usage === undefined ? {} : { usage: wireUsage(usage) }),
    };
    const json = JSON.stringify(body);
    this.#response
      .writeHead(200, {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(json),
        ...this.#facts.headers(cost),
      })
      .end(json);
  }

  tear(): boolean {
    return false;
  }
}
