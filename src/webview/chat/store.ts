import { batch, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import type { FromView, ToView, TurnView } from "../../contract/view/protocol.ts";
import type { ModelRef } from "../../contract/view/shown.ts";
import { type ModelNames, modelNames } from "../../explain/names.ts";
import { announcement } from "./announce.ts";
import type { Host } from "./host.ts";
import { fateOf, type Waiting, waitingFor } from "./queue.ts";
import type { Saved } from "./saved.ts";
import { initialState, reduce, type Shell, type State } from "./state.ts";
import type { TurnState } from "./turns.ts";

/** One turn as signals: a chunk of text touches nothing but its own text. */
export type TurnModel = {
  readonly id: string;
  readonly turn: Signal<TurnView>;
  readonly text: Signal<string>;
};

/** All that the view knows, and what it asks of the host. */
export class Store {
  readonly #host: Host;
  #state: State = initialState;
  #saved: Saved;
  #draftTimer: number | undefined;
  #refs = "";
  #waiting: Waiting | null = null;
  readonly #shell = signal<Shell>(initialState.shell);
  readonly #turns = signal<readonly TurnModel[]>([]);
  readonly #names = signal<ModelNames>(modelNames([]));

  readonly shell: ReadonlySignal<Shell> = this.#shell;
  readonly turns: ReadonlySignal<readonly TurnModel[]> = this.#turns;
  readonly names: ReadonlySignal<ModelNames> = this.#names;
  readonly draft: Signal<string>;
  /** A prompt that waits for the answer to end. */
  readonly queued: Signal<string | null> = signal<string | null>(null);
  /** Said by the one live region. */
  readonly live: Signal<string> = signal("");
  /** Counts up whenever the input should take the focus. */
  readonly focusInput: Signal<number> = signal(0);

  constructor(host: Host) {
    this.#host = host;
    this.#saved = host.saved();
    this.draft = signal(this.#saved.draft);
  }

  /** Starts the conversation with the host: nothing is sent to the view before this. */
  start(): void {
    this.#host.listen((message) => this.receive(message));
    this.post({ type: "ready" });
    if (this.draft.value !== "") this.post({ type: "draft", text: this.draft.value });
  }

  post(message: FromView): void {
    this.#host.post(message);
  }

  receive(message: ToView): void {
    const before = this.#state;
    const after = reduce(before, message);
    this.#state = after;
    batch(() => {
      this.#shell.value = after.shell;
      if (after.turns !== before.turns) this.#syncTurns(before.turns, after.turns);
      if (message.type !== "text") this.#syncNames();
      const words = announcement(before, after, message, this.#names.value);
      if (words !== undefined) this.live.value = words;
      if (message.type === "input") this.write(joined(message.text, this.draft.value));
      if (message.type === "input" || message.type === "focus") this.focusInput.value++;
    });
    this.#settleQueue(message);
  }

  /** Changes what stands in the input; the host forecasts once the typing rests. */
  write(text: string): void {
    this.draft.value = text;
    this.#save({ ...this.#saved, draft: text });
    window.clearTimeout(this.#draftTimer);
    this.#draftTimer = window.setTimeout(() => this.post({ type: "draft", text }), 200);
  }

  /** Sends what stands in the input, or queues it while an answer is being written. */
  send(): void {
    const text = this.draft.value.trim();
    if (text === "") return;
    this.write("");
    const answer = waitingFor(this.#state);
    if (answer === undefined) this.#sendNow(text);
    else this.#queue({ ...answer, text: joined(this.queued.value, text), urgent: false });
  }

  /** Stops the answer, and sends the queued prompt as soon as it has ended. */
  sendQueuedNow(): void {
    if (this.#waiting !== null) this.#waiting = { ...this.#waiting, urgent: true };
    this.post({ type: "stop" });
  }

  /** Gives the queued prompt back to the input. */
  editQueued(): void {
    const text = this.queued.value;
    if (text === null) return;
    this.#queue(null);
    this.write(joined(text, this.draft.value));
    this.focusInput.value++;
  }

  removeQueued(): void {
    this.#queue(null);
    this.focusInput.value++;
  }

  /** Shows the conversation again; the host is told, or it would go on keeping what happens in it to itself. */
  leaveList(): void {
    const id = this.#shell.value.conversation?.id;
    this.#setShell({ screen: "chat" });
    this.focusInput.value++;
    this.post(id === undefined ? { type: "new" } : { type: "open", id });
  }

  dismissDeleted(): void {
    this.#setShell({ deleted: null });
  }

  /** Where one was reading, or undefined while the end is followed. */
  keepReading(top: number | undefined): void {
    const id = this.#shell.value.conversation?.id;
    const draft = this.#saved.draft;
    this.#save(
      top === undefined || id === undefined ? { draft } : { draft, reading: { conversationId: id, top } },
    );
  }

  readingOf(conversationId: string): number | undefined {
    const { reading } = this.#saved;
    return reading?.conversationId === conversationId ? reading.top : undefined;
  }

  #sendNow(text: string): void {
    window.clearTimeout(this.#draftTimer);
    this.post({ type: "send", conversationId: this.#shell.value.conversation?.id ?? null, text });
  }

  #settleQueue(message: ToView): void {
    if (this.#waiting === null) return;
    const { text } = this.#waiting;
    const fate = fateOf(this.#waiting, this.#state, message);
    if (fate === "give back") this.editQueued();
    if (fate !== "send") return;
    this.#queue(null);
    this.#sendNow(text);
  }

  #setShell(change: Partial<Shell>): void {
    this.#state = { ...this.#state, shell: { ...this.#state.shell, ...change } };
    this.#shell.value = this.#state.shell;
  }

  #queue(waiting: Waiting | null): void {
    this.#waiting = waiting;
    this.queued.value = waiting?.text ?? null;
    this.#save(this.#saved);
  }

  /** A view that comes back has no answer to wait for: what was queued stands in the input again. */
  #save(saved: Saved): void {
    this.#saved = saved;
    this.#host.save({ ...saved, draft: joined(this.queued.value, saved.draft) });
  }

  #syncTurns(before: readonly TurnState[], after: readonly TurnState[]): void {
    const models = new Map(this.#turns.value.map((model) => [model.id, model]));
    const next = after.map((state, index): TurnModel => {
      const known = models.get(state.turn.id);
      if (known === undefined)
        return { id: state.turn.id, turn: signal(state.turn), text: signal(state.text) };
      if (before[index] !== state) {
        known.turn.value = state.turn;
        known.text.value = state.text;
      }
      return known;
    });
    const same = next.length === models.size && next.every(({ id }) => models.has(id));
    if (!same) this.#turns.value = next;
  }

  #syncNames(): void {
    const refs = [...new Set(refsInSight(this.#state))].sort();
    const key = refs.join("\n");
    if (key === this.#refs) return;
    this.#refs = key;
    this.#names.value = modelNames(refs);
  }
}

/** Two prompts as one, each a paragraph of its own. */
function joined(first: string | null, second: string): string {
  return [first ?? "", second].filter((part) => part !== "").join("\n\n");
}

function refsInSight({ shell, turns }: State): ModelRef[] {
  const decisions = [...turns.map(({ turn }) => turn.answer.decision), shell.forecast?.forecast.decision];
  return decisions.flatMap((decision) =>
    decision === undefined
      ? []
      : [
          ...(decision.outcome.kind === "chosen" ? decision.outcome.chain.map(({ ref }) => ref) : []),
          ...decision.skipped.map(({ ref }) => ref),
        ],
  );
}
