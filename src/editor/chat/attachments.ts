import type { ContextItem, Prompt } from "../../contract/conversation.ts";
import type { ToView } from "../../contract/view/protocol.ts";
import { chipOf } from "./turnView.ts";

/** What goes along with the next prompt: code, and the command that was chosen for it. */
export class Attachments {
  readonly #post: (message: ToView) => void;
  #context: readonly ContextItem[] = [];
  #command: string | undefined;

  constructor(post: (message: ToView) => void) {
    this.#post = post;
  }

  /** Adds code; the same piece takes its own place again. */
  add(item: ContextItem, command?: string): void {
    this.#context = [...this.#context.filter((each) => !isSamePlace(each, item)), item];
    this.#command = command ?? this.#command;
    this.tell();
  }

  remove(index: number): void {
    this.#context = this.#context.filter((_, each) => each !== index);
    this.tell();
  }

  dropCommand(): void {
    this.#command = undefined;
    this.tell();
  }

  /** A text with all that goes along. */
  promptOf(text: string): Prompt {
    const command = this.#command === undefined ? {} : { command: this.#command };
    return { text, context: this.#context, ...command };
  }

  /** As `promptOf`, and the next prompt begins with nothing. */
  take(text: string): Prompt {
    const prompt = this.promptOf(text);
    this.#context = [];
    this.#command = undefined;
    this.tell();
    return prompt;
  }

  /** Puts back what went along with a prompt that was not sent, before what has been added since. */
  putBack({ context, command }: Prompt): void {
    const added = this.#context.filter((item) => !context.some((each) => isSamePlace(each, item)));
    this.#context = [...context, ...added];
    this.#command ??= command;
    this.tell();
  }

  tell(): void {
    const command = this.#command === undefined ? {} : { command: this.#command };
    this.#post({ type: "attached", context: this.#context.map(chipOf), ...command });
  }
}

function isSamePlace(one: ContextItem, other: ContextItem): boolean {
  return one.path === other.path && one.startLine === other.startLine;
}
