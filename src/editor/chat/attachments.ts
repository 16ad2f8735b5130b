import { contextKey } from "../../assistant/context.ts";
import type { ContextItem } from "../../contract/context.ts";
import type { Prompt } from "../../contract/conversation.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { contextChip } from "./conversationView.ts";
import type { Attached, WindowState } from "./windowState.ts";

/** What is attached to the next prompt: context, and the command that was chosen for it. */
export class Attachments {
  readonly #post: (message: ToView) => void;
  readonly #state: Pick<WindowState, "attached">;
  #attached: Attached;

  constructor(post: (message: ToView) => void, state: Pick<WindowState, "attached">) {
    this.#post = post;
    this.#state = state;
    this.#attached = state.attached;
  }

  /** Attaches items. An item for the same thing replaces what was attached before. */
  add(items: readonly ContextItem[], command?: string): void {
    const { context, command: before } = this.#attached;
    const others = context.filter((each) => !items.some((item) => isSamePlace(each, item)));
    this.#change({ context: [...others, ...items], command: command ?? before });
  }

  get context(): readonly ContextItem[] {
    return this.#attached.context;
  }

  remove(index: number): void {
    const { context, command } = this.#attached;
    this.#change({ context: context.filter((_, each) => each !== index), command });
  }

  removeCommand(): void {
    this.#change({ context: this.#attached.context });
  }

  /** Returns a text as a prompt with the attachments. */
  promptOf(text: string): Prompt {
    const { context, command } = this.#attached;
    return { text, context, ...(command === undefined ? {} : { command }) };
  }

  /** Like `promptOf`, and removes the attachments. */
  take(text: string): Prompt {
    const prompt = this.promptOf(text);
    this.#change({ context: [] });
    return prompt;
  }

  /** Attaches again what a prompt had that was not sent, before what was attached since. */
  restore(prompt: Prompt): void {
    const { context, command } = this.#attached;
    const added = context.filter((item) => !prompt.context.some((each) => isSamePlace(each, item)));
    // A command with instructions is typed, and returned with the text.
    const chosen = prompt.instructions === undefined ? prompt.command : undefined;
    this.#change({ context: [...prompt.context, ...added], command: command ?? chosen });
  }

  post(): void {
    const { context, command } = this.#attached;
    this.#post({
      type: "attached",
      context: context.map(contextChip),
      ...(command === undefined ? {} : { command }),
    });
  }

  #change(attached: Attached): void {
    this.#attached = attached;
    this.#state.attached = attached;
    this.post();
  }
}

function isSamePlace(one: ContextItem, other: ContextItem): boolean {
  return contextKey(one) === contextKey(other);
}
