import type { StartTimer } from "../base/time/timer.ts";
import type { AnswerEvent, AnswerSink, AnswerSummary } from "../contract/answer.ts";
import type { Answer, Conversation, FallbackNote, Turn } from "../contract/conversation.ts";
import type { ModelRef } from "../contract/model.ts";

/** An event while a prompt is answered. `turn` comes first, and once. */
export type TurnEvent =
  /** The prompt has become a turn and is saved. */
  | { readonly type: "turn"; readonly conversation: Conversation; readonly turn: Turn }
  | { readonly type: "text"; readonly text: string }
  /** The text so far is retracted: another model answers from the beginning. */
  | { readonly type: "restarted" }
  /** Something other than the answer's text has changed. */
  | { readonly type: "state"; readonly state: AnswerState };

/** An answer without its text. */
export type AnswerState = Omit<Answer, "text">;

/** Receives the events of one answer, in order. */
export interface TurnSink {
  /** Takes one event. Synchronous and cheap; must not throw. */
  push(event: TurnEvent): void;
}

/**
 * The text of a running answer is saved this long after it came, so that a crash loses little of it, and other windows
 * show it. A long text is saved less often, because each save writes all of it: 20,000 characters after 0.7 s.
 */
const saveAfterMs = (text: string) => 500 + text.length / 100;

/** Builds an answer from the engine's events, forwards what a view shows, and saves it at intervals. */
export class AnswerRecorder implements AnswerSink {
  readonly #sink: TurnSink;
  readonly #save: (answer: Answer) => Promise<void>;
  readonly #startTimer: StartTimer;
  #text = "";
  #state: AnswerState = { fallbacks: [] };
  #cancelSave: (() => void) | undefined;
  #saving: Promise<void> | undefined;
  #hasEnded = false;

  constructor(sink: TurnSink, save: (answer: Answer) => Promise<void>, start: StartTimer) {
    this.#sink = sink;
    this.#save = save;
    this.#startTimer = start;
  }

  push(event: AnswerEvent): void {
    switch (event.type) {
      case "decided":
        this.#update({ decision: event.decision, decidedInMs: event.tookMs });
        break;
      case "text":
        this.#text += event.text;
        this.#sink.push({ type: "text", text: event.text });
        this.#saveSoon();
        break;
      case "resumed": {
        const { from, to } = event;
        const { fallbacks, handoffs = [] } = this.#state;
        const handoff = { at: this.#text.length, from, to };
        this.#update({ fallbacks: notesToKeep(fallbacks, from), handoffs: [...handoffs, handoff] });
        break;
      }
      case "restarted":
        this.#text = "";
        this.#state = { ...this.#state, handoffs: [] };
        this.#sink.push({ type: "restarted" });
        break;
      case "failedOver": {
        const { from, to, failure } = event;
        // Of several models that were tried in place of one, only the last is shown.
        const others = this.#state.fallbacks.filter((note) => note.from !== from);
        this.#update({ fallbacks: [...others, { from, to, failure }] });
        break;
      }
      case "attempt":
      case "answeredBy":
      case "reasoning":
      case "toolCall":
      case "wireFields":
        break;
    }
  }

  /** Returns the save in progress, if any: the engine waits for it, so that at most one runs at a time. */
  drained(): Promise<void> | undefined {
    return this.#saving;
  }

  /** Starts no save any more. */
  stopSaving(): void {
    this.#hasEnded = true;
    this.#cancelSave?.();
  }

  /** Saves the whole answer and returns it. */
  async finish(summary: AnswerSummary): Promise<Answer> {
    this.stopSaving();
    await this.#saving;
    const answer = { ...this.#state, text: this.#text, summary };
    await this.#save(answer);
    return answer;
  }

  #update(change: Partial<AnswerState>): void {
    this.#state = { ...this.#state, ...change };
    this.#sink.push({ type: "state", state: this.#state });
  }

  /** A save that fails here is not reported: `finish` saves the same text again, and reports. */
  #saveSoon(): void {
    if (this.#hasEnded || this.#saving !== undefined) return;
    this.#cancelSave ??= this.#startTimer(() => {
      this.#cancelSave = undefined;
      const text = this.#text;
      const done = () => {
        this.#saving = undefined;
        if (this.#text !== text) this.#saveSoon();
      };
      this.#saving = this.#save({ ...this.#state, text }).then(done, done);
    }, saveAfterMs(this.#text));
  }
}

/**
 * Returns the notes that stay above a resumed answer. The failure of `broken` is shown where its text ends instead, and
 * so are those of models tried in its place; a rejected key stays, because the note offers to replace it.
 */
function notesToKeep(fallbacks: readonly FallbackNote[], broken: ModelRef): readonly FallbackNote[] {
  const first = fallbacks.findIndex(({ from }) => from === broken);
  return fallbacks.filter(({ failure }, index) => first < 0 || index < first || failure.kind === "auth");
}
