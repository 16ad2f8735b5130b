import * as v from "valibot";
import type * as vscode from "vscode";
import { contextItem } from "../../contract/context.ts";
import type { ModelChoice, Prompt } from "../../contract/conversation.ts";
import type { ModelRef } from "../../contract/model.ts";
import { type ViewState, viewState } from "../../contract/view/inputMessages.ts";
import { choice } from "../../contract/view/modelMessages.ts";

/** How many recently picked models are kept. */
const MOST_RECENT = 5;

/** What is attached to the next prompt. */
export type Attached = Pick<Prompt, "context" | "command">;

/** A prompt that is sent when the answers before it are complete. */
export type QueuedPrompt = { readonly id: string; readonly prompt: Prompt };

type QueuedPrompts = Readonly<Record<string, readonly QueuedPrompt[]>>;

const SHOWN_KEY = "switchyard.shownConversation";
const ATTACHED_KEY = "switchyard.attached";
const CHOICE_KEY = "switchyard.choice";
const RECENT_KEY = "switchyard.recentModels";
const VIEW_KEY = "switchyard.view";
const QUEUED_KEY = "switchyard.queued";
const UNREAD_KEY = "switchyard.unread";

/** An extension of another version may have stored something else. */
const shownSchema = v.fallback(v.optional(v.string()), undefined);
const attached = v.object({ context: v.array(contextItem), command: v.optional(v.string()) });
const attachedSchema = v.fallback(attached, { context: [] });
const queuedPrompt = v.object({
  id: v.string(),
  prompt: v.object({
    ...attached.entries,
    text: v.string(),
    instructions: v.optional(v.string()),
    explicitModel: v.optional(v.string()),
  }),
});
const queuedSchema = v.fallback(v.record(v.string(), v.array(queuedPrompt)), {});

const choiceSchema = v.fallback(choice, {});
const recentSchema = v.fallback(v.array(v.string()), []);
const unreadSchema = v.fallback(v.array(v.string()), []);
const viewSchema = v.fallback(viewState, { draft: "", readings: [], changes: 0 });

/**
 * What the chat of a window shows again after the window was reloaded or its extension host ended: the conversation, what
 * is attached to the next prompt, the draft, the queued prompts, the scroll position and the badge. The workspace's
 * storage keeps it: VS Code writes it within a moment, and the page's own state only when the window closes.
 */
export class WindowState {
  readonly #storage: vscode.Memento;
  readonly #onError: (error: unknown) => void;

  constructor(storage: vscode.Memento, onError: (error: unknown) => void) {
    this.#storage = storage;
    this.#onError = onError;
  }

  /** The id of the conversation that is shown; undefined for a new one. */
  get shownConversation(): string | undefined {
    return v.parse(shownSchema, this.#storage.get(SHOWN_KEY));
  }

  set shownConversation(id: string | undefined) {
    if (id !== this.shownConversation) this.#save(SHOWN_KEY, id);
  }

  get attached(): Attached {
    return v.parse(attachedSchema, this.#storage.get(ATTACHED_KEY));
  }

  set attached(attached: Attached) {
    const isEmpty = attached.context.length === 0 && attached.command === undefined;
    this.#save(ATTACHED_KEY, isEmpty ? undefined : attached);
  }

  /** What the user chose for a conversation that has not begun. */
  get choice(): ModelChoice {
    return v.parse(choiceSchema, this.#storage.get(CHOICE_KEY));
  }

  set choice({ model, effort }: ModelChoice) {
    const before = this.choice;
    if (model === before.model && effort === before.effort) return;
    this.#save(CHOICE_KEY, model === undefined && effort === undefined ? undefined : { model, effort });
  }

  /** The models that the user picked, the latest first. */
  get recentModels(): readonly ModelRef[] {
    return v.parse(recentSchema, this.#storage.get(RECENT_KEY));
  }

  addRecentModel(ref: ModelRef): void {
    const others = this.recentModels.filter((each) => each !== ref);
    this.#save(RECENT_KEY, [ref, ...others].slice(0, MOST_RECENT));
  }

  /** The prompts that wait, by the ids of their conversations. */
  get queued(): QueuedPrompts {
    return v.parse(queuedSchema, this.#storage.get(QUEUED_KEY));
  }

  set queued(queued: QueuedPrompts) {
    this.#save(QUEUED_KEY, Object.keys(queued).length === 0 ? undefined : queued);
  }

  /** The conversations with an answer that the user has not seen, by their ids. */
  get unread(): readonly string[] {
    return v.parse(unreadSchema, this.#storage.get(UNREAD_KEY));
  }

  set unread(ids: readonly string[]) {
    this.#save(UNREAD_KEY, ids.length === 0 ? undefined : ids);
  }

  get view(): ViewState {
    return v.parse(viewSchema, this.#storage.get(VIEW_KEY));
  }

  set view(state: ViewState) {
    this.#save(VIEW_KEY, state);
  }

  #save(key: string, value: unknown): void {
    this.#storage.update(key, value).then(undefined, this.#onError);
  }
}
