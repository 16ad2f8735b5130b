import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import type { AnswerEvent, AnswerSink, AnswerSummary } from "../contract/answer.ts";
import type { Decision } from "../contract/decision.ts";
import type { Features } from "../contract/features.ts";
import type { Message } from "../contract/message.ts";
import type { PreviousAnswer } from "../routing/decide/world.ts";

/** How many tool calls are kept. The result of an older one is decided like a new prompt. */
const MAX_CALLS = 10_000;

/** The last answer of a tool loop, and what the prompt that began it was classified as. */
type ToolLoop = { readonly features: Features; readonly previous: PreviousAnswer };

type Request = { readonly messages: readonly Message[]; readonly ownWords: string };

/**
 * The tool calls of recent answers. A request with a call's result continues the answer: it contains nothing to classify,
 * and keeps the model. Requests over HTTP name no conversation, so the call's id and the user's words identify it.
 */
export class ToolLoops {
  /** Made for the first call of a tool: a cache of this size takes 0.3 MB from the start. */
  #loops: LRUCache<string, ToolLoop> | undefined;

  /** The tool loop that a request continues; undefined if it does not, or another process gave the answer before it. */
  find({ messages, ownWords }: Request): ToolLoop | undefined {
    const last = messages.at(-1);
    for (const part of last?.role === "tool" ? last.parts : []) {
      const loop = part.type === "toolResult" ? this.#loops?.get(keyOf(part.id, ownWords)) : undefined;
      if (loop !== undefined) return loop;
    }
    return undefined;
  }

  /** Remembers the tool calls of an answer, if a model gave it. */
  add(calls: readonly string[], { ownWords }: Request, decision: Decision, summary: AnswerSummary): void {
    const attempt = summary.attempts.findLast(({ outcome }) => outcome.kind === "answered");
    if (calls.length === 0 || attempt === undefined) return;
    const { ref, usage } = attempt;
    const previous: PreviousAnswer = {
      ref,
      atMs: decision.atMs + summary.tookMs,
      inputTokens: usage?.inputTokens ?? decision.expectedInputTokens,
      outputTokens: usage?.outputTokens ?? 0,
      cachedTokens: usage && usage.cacheReadTokens + usage.cacheWriteTokens,
      route: decision.route,
    };
    const loop = { features: decision.features, previous };
    this.#loops ??= new LRUCache({ max: MAX_CALLS });
    for (const id of calls) this.#loops.set(keyOf(id, ownWords), loop);
  }
}

/** Servers number the calls of each answer from 0, so an id alone is not unique. */
function keyOf(id: string, ownWords: string): string {
  return hash("sha256", `${id}\0${ownWords}`, "base64url");
}

/** Passes on every event, and collects the ids of the answer's tool calls. */
export class ToolCallSink implements AnswerSink {
  readonly #sink: AnswerSink;
  #calls: string[] = [];

  constructor(sink: AnswerSink) {
    this.#sink = sink;
  }

  get calls(): readonly string[] {
    return this.#calls;
  }

  push(event: AnswerEvent): void {
    if (event.type === "toolCall") this.#calls.push(event.id);
    else if (event.type === "restarted") this.#calls = [];
    this.#sink.push(event);
  }

  drained(): Promise<void> | undefined {
    return this.#sink.drained();
  }
}
