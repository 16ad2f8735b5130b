import { once } from "node:events";
import type { ServerResponse } from "node:http";
import type { AnswerEvent, AnswerSummary } from "../contract/answer.ts";
import type { ModelRef } from "../contract/model.ts";
import type { AnswerFacts } from "./answerFacts.ts";
import type { AnswerVoice } from "./answerVoice.ts";
import { errorJson, type WireError } from "./refusal.ts";
import { wireToolCall } from "./wireToolCall.ts";
import { wireUsage } from "./wireUsage.ts";

/**
 * Chunks that say how the answer ends, or hold pieces of tool calls. They are told in chunks of our own, once the answer
 * or the call is whole. (Inside a text these quotes are escaped.)
 */
const NOT_YET = /"(?:finish_reason":\s*"|tool_calls":\s*\[|function_call":\s*\{)/;
const MODEL = /"model":\s*"(?:[^"\\]|\\.)*"/;
const ID = /"id":\s*"((?:[^"\\]|\\.)*)"/;

/**
 * An answer as a stream of `chat.completion.chunk`. The provider's own events are sent on as they came, with the
 * model's ref in place of its name, as long as one model answers; everything else is told in chunks of our own.
 */
export class StreamedAnswer implements AnswerVoice {
  readonly #response: ServerResponse;
  readonly #facts: AnswerFacts;
  readonly #createdSeconds: number;
  readonly #includeUsage: boolean;
  #id: string | undefined;
  #calls = 0;
  /** Whose answer began. */
  #first: ModelRef | undefined;
  /** The model's name in the provider's own events, and what stands in its place. */
  #name: { readonly of: ModelRef; readonly theirs: string; readonly ours: string } | undefined;

  constructor(response: ServerResponse, facts: AnswerFacts, createdSeconds: number, includeUsage: boolean) {
    this.#response = response;
    this.#facts = facts;
    this.#createdSeconds = createdSeconds;
    this.#includeUsage = includeUsage;
  }

  say(event: AnswerEvent): Promise<void> | undefined {
    switch (event.type) {
      case "text":
        return this.#write(this.#relayed(event.raw) ?? this.#chunk({ content: event.text }));
      case "reasoning":
        return this.#write(this.#relayed(event.raw) ?? this.#chunk({ reasoning_content: event.text }));
      case "toolCall":
        return this.#write(this.#chunk({ tool_calls: [{ index: this.#calls++, ...wireToolCall(event) }] }));
      default:
        return undefined;
    }
  }

  finish({ ending, usage }: AnswerSummary): void {
    const isCut = ending.kind === "complete" && ending.limitedBy !== undefined;
    const reason = isCut ? "length" : this.#calls > 0 ? "tool_calls" : "stop";
    const last = this.#chunk({}, reason);
    const told =
      this.#includeUsage && usage !== undefined
        ? frame({ ...this.#head(), choices: [], usage: wireUsage(usage) })
        : "";
    this.#begin();
    this.#response.end(`${last}${told}data: [DONE]\n\n`);
  }

  tear(error: WireError): boolean {
    if (this.#first === undefined) return false;
    this.#response.end(`data: ${errorJson(error)}\n\n`);
    return true;
  }

  /** The provider's own event; undefined where there is none that can be sent on as it is. */
  #relayed(raw: string | undefined): string | undefined {
    const { ref } = this.#facts;
    if (raw === undefined || NOT_YET.test(raw)) return undefined;
    if (this.#first !== undefined && this.#first !== ref) return undefined;
    if (this.#name?.of !== ref) {
      const theirs = MODEL.exec(raw)?.[0];
      if (theirs === undefined) return undefined;
      this.#name = { of: ref, theirs, ours: `"model":${JSON.stringify(ref)}` };
    }
    this.#id ??= ID.exec(raw)?.[1];
    return raw.replaceAll(this.#name.theirs, this.#name.ours);
  }

  #chunk(delta: object, finish: string | null = null): string {
    const begun = this.#first === undefined ? { role: "assistant" } : {};
    return frame({
      ...this.#head(),
      choices: [{ index: 0, delta: { ...begun, ...delta }, logprobs: null, finish_reason: finish }],
    });
  }

  #head(): object {
    this.#id ??= `chatcmpl-${this.#facts.decision.id}`;
    return {
      id: this.#id,
      object: "chat.completion.chunk",
      created: this.#createdSeconds,
      model: this.#facts.ref,
    };
  }

  #begin(): void {
    if (this.#first !== undefined) return;
    this.#first = this.#facts.ref;
    this.#response.writeHead(200, {
      "content-type": "text/event-stream; charset=utf-8",
      "cache-control": "no-cache",
      ...this.#facts.headers(),
    });
  }

  /** Once the client has gone nothing is written: a response that is destroyed never says that it has room. */
  #write(text: string): Promise<void> | undefined {
    if (this.#response.destroyed) return undefined;
    this.#begin();
    return this.#response.write(text) ? undefined : roomIn(this.#response);
  }
}

function frame(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** Resolves once the client has read what waits for it, or has gone. */
async function roomIn(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const { signal } = over;
  try {
    await Promise.race([once(response, "drain", { signal }), once(response, "close", { signal })]);
  } finally {
    over.abort();
  }
}
