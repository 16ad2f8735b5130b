import * as v from "valibot";
import type * as vscode from "vscode";
import type { Prompt } from "../../contract/conversation.ts";
import { type ViewState, viewState } from "../../contract/view/inputMessages.ts";

/** What is attached to the next prompt. */
export type Attached = Pick<Prompt, "context" | "command">;

const SHOWN_KEY = "switchyard.shownConversation";
const ATTACHED_KEY = "switchyard.attached";
const VIEW_KEY = "switchyard.view";

/** An extension of another version may have stored something else. */
const shownSchema = v.fallback(v.optional(v.string()), undefined);
const attachedSchema = v.fallback(
  v.object({
    context: v.array(
      v.object({
        kind: v.picklist(["selection", "file"]),
        path: v.string(),
        language: v.string(),
        startLine: v.number(),
        endLine: v.number(),
        text: v.string(),
        tokens: v.number(),
        isPrivate: v.boolean(),
      }),
    ),
    command: v.optional(v.string()),
  }),
  { context: [] },
);

const viewSchema = v.fallback(viewState, { draft: "", changes: 0 });

/**
 * What the chat of a window shows again after the window was reloaded or its extension host ended: the conversation, what
 * is attached to the next prompt, the draft and the scroll position. The workspace's storage keeps it: VS Code writes it
 * within a moment, and the page's own state only when the window closes.
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
