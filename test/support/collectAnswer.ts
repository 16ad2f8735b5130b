import type { AnswerEvent, AnswerSink, AnswerSummary } from "../../src/contract/answer.ts";
import type { Engine } from "../../src/engine/engine.ts";
import type { EngineRequest } from "../../src/engine/request.ts";

/** Everything that a consumer received from one answer. */
export type CollectedAnswer = {
  readonly events: readonly AnswerEvent[];
  /** The text on screen at the end: a `restarted` event clears the text before it. */
  readonly text: string;
  readonly summary: AnswerSummary;
};

export type CollectOptions = {
  readonly signal?: AbortSignal | undefined;
  /** Called with each event. The consumer has no room until the promise resolves. */
  readonly onEvent?: ((event: AnswerEvent) => void | Promise<void>) | undefined;
};

/** Runs a request and collects its events. @throws what `onEvent` or the engine throws */
export async function collectAnswer(
  engine: Pick<Engine, "run">,
  request: EngineRequest,
  { signal = new AbortController().signal, onEvent }: CollectOptions = {},
): Promise<CollectedAnswer> {
  const sink = new CollectingSink(onEvent);
  const summary = await engine.run(request, sink, signal);
  await sink.drained();
  return { events: sink.events, text: sink.text, summary };
}

/**
 * Runs a request as a consumer that aborts at the first event that matches.
 * @returns false if no event matched, and the consumer received all of them
 */
export async function abortAnswerAt(
  engine: Pick<Engine, "run">,
  request: EngineRequest,
  matches: (event: AnswerEvent, index: number) => boolean,
): Promise<boolean> {
  const left = new AbortController();
  let index = 0;
  const sink: AnswerSink = {
    push(event) {
      if (matches(event, index++)) left.abort();
    },
    drained: () => undefined,
  };
  await engine.run(request, sink, left.signal);
  return left.signal.aborted;
}

class CollectingSink implements AnswerSink {
  readonly events: AnswerEvent[] = [];
  text = "";
  readonly #onEvent: CollectOptions["onEvent"];
  readonly #pending: Promise<void>[] = [];

  constructor(onEvent: CollectOptions["onEvent"]) {
    this.#onEvent = onEvent;
  }

  push(event: AnswerEvent): void {
    this.events.push(event);
    if (event.type === "text") this.text += event.text;
    if (event.type === "restarted") this.text = "";
    const pending = this.#onEvent?.(event);
    if (pending !== undefined) this.#pending.push(pending);
  }

  drained(): Promise<void> | undefined {
    const pending = this.#pending.splice(0);
    return pending.length === 0 ? undefined : Promise.all(pending).then(() => undefined);
  }
}
