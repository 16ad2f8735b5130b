import { LRUCache } from "lru-cache";
import type { ProviderSink } from "../../contract/provider/provider.ts";

/** Enough for the tool loops that run at the same time. */
const MAX_CALLS = 1000;
const MAX_CHARACTERS = 8_000_000;

/**
 * The reasoning that preceded the latest tool calls, by the ids of the calls. DeepSeek and Moonshot reject a conversation
 * without it, and most clients do not send it back.
 */
export class ReasoningOfCalls {
  readonly #texts = new LRUCache<string, string>({
    max: MAX_CALLS,
    maxSize: MAX_CHARACTERS,
    sizeCalculation: (text) => text.length,
  });

  /** The reasoning before a tool call; undefined if it is not known. */
  of(id: string): string | undefined {
    return this.#texts.get(id);
  }

  /** A sink that passes everything on to this one, and remembers the reasoning if a tool call follows it. */
  recordedBy(sink: ProviderSink): ProviderSink {
    let reasoning = "";
    return {
      started: (rateLimits, requestId) => sink.started(rateLimits, requestId),
      push: (event) => {
        if (event.type === "reasoning") reasoning += event.text;
        else if (event.type === "toolCall" && reasoning !== "") this.#texts.set(event.id, reasoning);
        sink.push(event);
      },
      toolCallProgress: (characters) => sink.toolCallProgress(characters),
      model: (name) => sink.model(name),
      usage: (usage) => sink.usage(usage),
      drained: () => sink.drained(),
    };
  }
}
