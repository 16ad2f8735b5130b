import { Failure, type FailureRecord } from "../../../src/contract/failure.ts";
import type { Usage } from "../../../src/contract/money.ts";
import type { Ask } from "../../../src/contract/provider/ask.ts";
import type { FinishReason, Provider, ProviderEvent } from "../../../src/contract/provider/provider.ts";

/** What a scripted model does next: emits text or another event, reports, ends or fails. */
export type ScriptLine =
  | string
  | ProviderEvent
  | { readonly type: "toolCallProgress"; readonly characters: number }
  | { readonly type: "usage"; readonly usage: Usage }
  | { readonly type: "end"; readonly reason: FinishReason }
  | FailureRecord;

export const END: ScriptLine = { type: "end", reason: "stop" };

export type ScriptedProviderOptions = {
  /** Called with each request; returns what the model does. */
  readonly script: (ask: Ask) => readonly ScriptLine[];
  /** Called when a call is cancelled before its end. */
  readonly onCancel?: (() => void) | undefined;
};

/** A provider with scripted models. Each line is a separate network read. A script without an end breaks the stream. */
export function scriptedProvider(id: string, { script, onCancel }: ScriptedProviderOptions): Provider {
  return {
    id,
    async ask(ask, sink, signal) {
      sink.started([], undefined);
      for (const line of script(ask)) {
        if (signal.aborted) {
          onCancel?.();
          throw new Failure({ kind: "cancelled", provider: id, message: "Stopped." });
        }
        if (typeof line === "string") sink.push({ type: "text", text: line, raw: line });
        else if ("kind" in line) throw new Failure(line);
        else if (line.type === "end") return { finish: line.reason };
        else if (line.type === "usage") sink.usage(line.usage);
        else if (line.type === "toolCallProgress") sink.toolCallProgress(line.characters);
        else sink.push(line);
        await sink.drained();
      }
      throw new Failure({ kind: "cut", provider: id, message: "The script ended without an end." });
    },
    listModels: async () => ["m"],
  };
}
