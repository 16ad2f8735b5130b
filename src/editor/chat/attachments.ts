import type { ContextItem, Prompt } from "../../contract/conversation.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { contextChip } from "./conversationDisplay.ts";

/** What is attached to the next prompt: code, and the command that was chosen for it. */
export class Attachments {
  readonly #post: (message: ToView) => void;
  #context: readonly ContextItem[] = [];
  #command: string | undefined;

  constructor(post: (message: ToView) => void) {
    this.#post = post;
  }

  /** Attaches code. Code at the same place replaces what was attached before. */
  add(item: ContextItem, command?: string): void {
    this.#context = [...this.#context.filter((each) => !isSamePlace(each, item)), item];
    this.#command = command ?? this.#command;
    this.post();
  }

  remove(index: number): void {
    this.#context = this.#context.filter((_, each) => each !== index);
    this.post();
  }

  removeCommand(): void {
    this.#command = undefined;
    this.post();
  }

  /** Returns a text as a prompt with the attachments. */
  promptOf(text: string): Prompt {
    const command = this.#command === undefined ? {} : { command: this.#command };
    return { text, context: this.#context, ...command };
  }

  /** Like `promptOf`, and removes the attachments. */
  take(text: string): Prompt {
    const prompt = this.promptOf(text);
    this.#context = [];
    this.#command = undefined;
    this.post();
    return prompt;
  }

  /** Attaches again what a prompt had that was not sent, before what was attached since. */
  restore({ context, command }: Prompt): void {
    const added = this.#context.filter((item) => !context.some((each) => isSamePlace(each, item)));
    this.#context = [...context, ...added];
    this.#command ??= command;
    this.post();
  }

  post(): void {
    const command = this.#command === undefined ? {} : { command: this.#command };
    this.#post({ type: "attached", context: this.#context.map(contextChip), ...command });
  }
}

function isSamePlace(one: ContextItem, other: ContextItem): boolean {
  return one.path === other.path && one.startLine === other.startLine;
}
