import { batch, computed, type ReadonlySignal, type Signal, signal } from "@preact/signals";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { TurnView } from "../../../contract/view/conversationMessages.ts";
import type { ReadingPosition, ViewState } from "../../../contract/view/inputMessages.ts";
import type { FromView, ToView } from "../../../contract/view/protocol.ts";
import type { SecretsChoice } from "../../../contract/view/secretMessages.ts";
import type { ModelRef } from "../../../contract/view/types.ts";
import { type ModelNames, modelNames } from "../../../explain/names.ts";
import { type GrowingText, wholeText } from "../../markdown/growingText.ts";
import type { Cancel, Scheduler } from "../../scheduler.ts";
import { attachImageFiles } from "../context/images.ts";
import { FileLinks } from "../conversation/links/fileLinks.ts";
import { firstFilled } from "../conversation/turnFilling.ts";
import { FindState } from "../find/findState.ts";
import { announcementFor } from "./announcements.ts";
import type { Host } from "./host.ts";
import { initialState, reduce, type Shell, type State, type TurnState } from "./reducer.ts";

/** The forecast is requested when typing has paused for this long. */
const TYPING_PAUSE_MS = 200;

/**
 * The editor gets a change of the draft or of a scroll position this long after it. Not sooner, because VS Code writes
 * everything that it keeps for the workspace each time, with all attached code.
 */
const SAVE_AFTER_MS = 500;

/** The scroll positions of this many conversations are kept. */
const MOST_READINGS = 20;

/** One turn as signals: a chunk of text updates nothing but the text. */
export type TurnModel = {
  readonly id: string;
  readonly turn: Signal<TurnView>;
  readonly growing: Signal<GrowingText>;
  readonly text: ReadonlySignal<string>;
  /** False while the turn is only a place in the conversation (turnFilling.ts). */
  readonly isFilled: Signal<boolean>;
};

/** The state of the view, and the requests that it sends to the editor. */
export class Store {
  readonly scheduler: Scheduler;
  readonly #host: Host;
  #state: State = initialState;
  #saved: ViewState;
  #cancelDraft: Cancel = () => {};
  #isSaveDue = false;
  #visibleModels = "";
  readonly #shell = signal<Shell>(initialState.shell);
  readonly #turns = signal<readonly TurnModel[]>([]);
  readonly #names = signal<ModelNames>(modelNames([]));

  readonly shell: ReadonlySignal<Shell> = this.#shell;
  readonly turns: ReadonlySignal<readonly TurnModel[]> = this.#turns;
  readonly names: ReadonlySignal<ModelNames> = this.#names;
  /** The text in the input. */
  readonly draft: Signal<string>;
  /** The text of the one live region. */
  readonly announcement: Signal<string> = signal("");
  /** Increases each time the input should take the focus. */
  readonly focusInput: Signal<number> = signal(0);
  readonly isModelPickerOpen: Signal<boolean> = signal(false);
  /** The pager that takes the focus when it is shown: the one of the turn that the user has asked for. */
  pagerFocus: { readonly turnId: string; readonly part: "prompt" | "answer"; readonly by: -1 | 1 } | null =
    null;
  /** The names of files in the answers. */
  readonly fileLinks: FileLinks;

  readonly find: FindState = new FindState(() => this.focusInput.value++);

  constructor(host: Host, scheduler: Scheduler) {
    this.#host = host;
    this.scheduler = scheduler;
    this.fileLinks = new FileLinks((message) => this.post(message), scheduler);
    this.#saved = host.saved();
    this.draft = signal(this.#saved.draft);
  }

  /** Connects to the editor, which sends nothing before this. */
  start(): void {
    this.#host.listen((message) => this.receive(message));
    this.post({ type: "ready" });
    if (this.draft.value !== "") this.post({ type: "draft", text: this.draft.value });
  }

  post(message: FromView): void {
    this.#host.post(message);
  }

  receive(message: ToView): void {
    if (message.type === "paths") this.fileLinks.receive(message.checked, message.found);
    const before = this.#state;
    const after = reduce(before, message);
    this.#state = after;
    batch(() => {
      this.#shell.value = after.shell;
      if (after.turns !== before.turns) this.#updateTurns(before.turns, after.turns);
      if (message.type !== "text") this.#updateNames();
      const announcement = announcementFor(before, after, message, this.#names.value);
      if (announcement !== undefined) this.announcement.value = announcement;
      if (message.type === "restore") this.#restore(message.state);
      if (message.type === "find" && isConversationShown(after.shell)) this.find.open();
      if (message.type === "input") this.#takeBack(message.text);
      if (message.type === "readImages") void attachImageFiles(this, message.files);
      if (message.type === "pasteAttached") this.write(this.draft.value.replace(message.text, ""));
      if (message.type === "input" || message.type === "focus") this.focusInput.value++;
    });
  }

  /** Changes the text in the input, and requests a forecast when typing pauses. */
  write(text: string): void {
    this.draft.value = text;
    this.#save({ ...this.#saved, draft: text });
    this.#cancelDraft();
    this.#cancelDraft = this.scheduler.after(TYPING_PAUSE_MS, () => this.post({ type: "draft", text }));
  }

  /** Inserts a prompt that was not sent. It is saved at once: the editor has forgotten it. */
  #takeBack(text: string): void {
    this.write(joinPrompts(text, this.draft.value));
    this.post({ type: "save", state: this.#saved });
  }

  /** Sends the text in the input. The editor queues it while an answer is being written. */
  send(): void {
    const text = this.draft.value.trim();
    if (text === "") return;
    this.write("");
    this.#cancelDraft();
    this.post({ type: "send", conversationId: this.#shell.value.conversation?.id ?? null, text });
  }

  /** Carries out the choice for a prompt that is held. The text of the input is sent with it, if the prompt is there. */
  chooseForSecrets(choice: SecretsChoice): void {
    const { heldPrompt, conversation } = this.#shell.value;
    const isSent = choice !== "cancel" && heldPrompt?.isInInput === true;
    const text = isSent ? this.draft.value.trim() : "";
    if (isSent) {
      this.write("");
      this.#cancelDraft();
    }
    this.#setShell({ heldPrompt: null });
    this.focusInput.value++;
    this.post({ type: "secretsChoice", choice, conversationId: conversation?.id ?? null, text });
  }

  /** Shows the conversation again. The editor must know, because it sends no updates while the list is shown. */
  closeList(): void {
    const id = this.#shell.value.conversation?.id;
    this.#setShell({ screen: "chat" });
    this.focusInput.value++;
    this.post(id === undefined ? { type: "new" } : { type: "open", id });
  }

  /** Opens the model picker, and asks for what it shows. Until that has come, it shows what it showed before. */
  openModelPicker(): void {
    if (this.isModelPickerOpen.value) return;
    this.isModelPickerOpen.value = true;
    this.post({ type: "openModels" });
  }

  dismissDeleted(): void {
    this.#setShell({ deleted: null });
  }

  /** Saves the scroll position in a conversation; undefined while the view follows its end. */
  saveReadingPosition(conversationId: string, position: ReadingPosition | undefined): void {
    const before = this.readingPositionOf(conversationId);
    if (before?.article === position?.article && before?.offset === position?.offset) return;
    const others = this.#saved.readings.filter((reading) => reading.conversationId !== conversationId);
    const own = position === undefined ? [] : [{ conversationId, ...position }];
    this.#save({ ...this.#saved, readings: [...others, ...own].slice(-MOST_READINGS) });
  }

  readingPositionOf(conversationId: string): ReadingPosition | undefined {
    return this.#saved.readings.find((reading) => reading.conversationId === conversationId);
  }

  #setShell(change: Partial<Shell>): void {
    this.#state = { ...this.#state, shell: { ...this.#state.shell, ...change } };
    this.#shell.value = this.#state.shell;
  }

  /**
   * VS Code keeps the page's own state while the window is open; the editor keeps it over a reload of the window, and gets
   * it within a moment, also while the user keeps typing.
   */
  #save(state: Omit<ViewState, "changes">): void {
    this.#saved = { ...state, changes: this.#saved.changes + 1 };
    this.#host.save(this.#saved);
    if (this.#isSaveDue) return;
    this.#isSaveDue = true;
    this.scheduler.after(SAVE_AFTER_MS, () => {
      this.#isSaveDue = false;
      this.post({ type: "save", state: this.#saved });
    });
  }

  /** Restores what the editor has kept if it is newer than the page's own state. The input is not shown before. */
  #restore(state: ViewState): void {
    if (state.changes <= this.#saved.changes) return;
    this.#saved = state;
    this.write(state.draft);
  }

  #updateTurns(before: readonly TurnState[], after: readonly TurnState[]): void {
    const shown = this.#turns.peek();
    const hasSameTurns =
      shown.length === after.length && shown.every(({ id }, index) => id === after[index]?.turn.id);
    if (hasSameTurns) {
      for (const [index, model] of shown.entries()) showTurn(model, before[index], after[index]);
      return;
    }
    const models = new Map(shown.map((model) => [model.id, model]));
    const filledFrom = firstFilled(after);
    this.#turns.value = after.map((state, index): TurnModel => {
      const model = models.get(state.turn.id);
      if (model !== undefined) {
        showTurn(model, before[index], state);
        return model;
      }
      const isFilled = signal(index >= filledFrom);
      const growing = signal(state.text);
      const text = computed(() => wholeText(growing.value));
      return { id: state.turn.id, turn: signal(state.turn), growing, text, isFilled };
    });
  }

  #updateNames(): void {
    const refs = [...new Set(visibleModels(this.#state))].sort();
    const key = refs.join("\n");
    if (key === this.#visibleModels) return;
    this.#visibleModels = key;
    this.#names.value = modelNames(refs);
  }
}

function showTurn(model: TurnModel, before: TurnState | undefined, after: TurnState | undefined): void {
  if (after === undefined || before === after) return;
  model.turn.value = after.turn;
  model.growing.value = after.text;
}

export const StoreContext = createContext<Store | null>(null);

/** The store of the view. */
export function useStore(): Store {
  const store = useContext(StoreContext);
  if (store === null) throw new Error("A component of the chat was rendered without its store");
  return store;
}

/** Two prompts as one, each in its own paragraph. */
function joinPrompts(first: string, second: string): string {
  return [first, second].filter((part) => part !== "").join("\n\n");
}

function visibleModels({ shell, turns }: State): ModelRef[] {
  const { choice, forecast, heldPrompt } = shell;
  const decisions = [...turns.map(({ turn }) => turn.answer.decision), forecast?.decision];
  const decided = decisions.flatMap((decision) =>
    decision === undefined
      ? []
      : [
          ...(decision.outcome.kind === "chosen" ? decision.outcome.chain.map(({ ref }) => ref) : []),
          ...decision.skipped.map(({ ref }) => ref),
        ],
  );
  const others = [choice.model, heldPrompt?.model].filter((ref) => ref !== undefined);
  return [...decided, ...others];
}

/** Whether the view shows a conversation that has turns. */
export function isConversationShown({ screen, conversation }: Shell): boolean {
  return screen === "chat" && conversation !== null;
}
