import type { Chat } from "../../../assistant/chat.ts";
import type { SendOptions } from "../../../assistant/promptPlace.ts";
import { titleAfter } from "../../../assistant/title.ts";
import type { Conversation, Prompt } from "../../../contract/conversation.ts";
import type { ModelRef } from "../../../contract/model.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import type { SecretsChoice } from "../../../contract/view/secretMessages.ts";
import type { ConversationDisplay } from "../conversationDisplay.ts";
import type { ChangeConversation } from "../requests/listRequests.ts";
import { inspect, type OutgoingTexts, type SecretInPrompt } from "./secretsInPrompt.ts";

export type OutgoingGuardDeps = {
  readonly chat: Pick<Chat, "departure" | "changeTurns" | "rename">;
  readonly display: Pick<ConversationDisplay, "conversation" | "shows" | "show" | "postTurns">;
  readonly post: (message: ToView) => void;
  readonly onChange: ChangeConversation;
};

/** A prompt that may be sent, and how. */
export type CheckedPrompt = { readonly prompt: Prompt; readonly options: SendOptions };

/** A prompt that waits for the user's choice. */
type Held = CheckedPrompt & {
  readonly conversationId: string;
  readonly secrets: readonly SecretInPrompt[];
  readonly model: ModelRef;
};

/** Looks for keys and passwords in prompts that are about to leave this machine, and asks once what to do with them. */
export class OutgoingGuard {
  readonly #deps: OutgoingGuardDeps;
  /** What the user chose for a secret, by its digest. */
  readonly #choices = new Map<string, Exclude<SecretsChoice, "cancel">>();
  #held: Held | undefined;
  /** Whether the view shows the question. */
  #isAsking = false;
  /** Settles when the last check has ended. */
  #checked: Promise<unknown> = Promise.resolve();

  constructor(deps: OutgoingGuardDeps) {
    this.#deps = deps;
  }

  /**
   * Checks a prompt, and the earlier turns that only models on this machine have read, unless it stays on this machine.
   * Returns what may be sent; undefined if the user must choose first, which is asked in the conversation that is shown.
   * Prompts are checked one after the other, so that they are sent in the order of typing.
   */
  check(
    conversation: Conversation,
    prompt: Prompt,
    options: SendOptions,
  ): Promise<CheckedPrompt | undefined> {
    const checking = this.#checked.then(() => this.#check(conversation, prompt, options));
    this.#checked = checking.catch(() => {});
    return checking;
  }

  async #check(
    conversation: Conversation,
    prompt: Prompt,
    options: SendOptions,
  ): Promise<CheckedPrompt | undefined> {
    const { chat, display } = this.#deps;
    const { id } = conversation;
    const departure = await chat.departure(conversation, prompt, options);
    if (departure === undefined) {
      this.#answered(options);
      return { prompt, options };
    }
    const { model, unread } = departure;
    const isBlankedOut = (digest: string) => this.#choices.get(digest) === "blankOut";
    const inspected = await inspect({ prompt, turns: unread }, isBlankedOut);
    const secrets = inspected.secrets.filter(({ digest }) => !this.#choices.has(digest));
    if (secrets.length > 0) {
      if (display.conversation.id === id) this.#hold({ conversationId: id, prompt, options, secrets, model });
      return undefined;
    }
    this.#answered(options);
    // The next prompt with the same secret asks again.
    for (const [digest, choice] of this.#choices) if (choice === "blankOut") this.#choices.delete(digest);
    await this.#change(conversation, { prompt, turns: unread }, inspected);
    return inspected.prompt === prompt
      ? { prompt, options }
      : { prompt: inspected.prompt, options: asEdit(options) };
  }

  /** Saves the earlier turns without the secrets that were blanked out, and the title. */
  async #change({ id, title }: Conversation, before: OutgoingTexts, after: OutgoingTexts): Promise<void> {
    const { chat, display, onChange } = this.#deps;
    const changed = after.turns.filter((turn, index) => turn !== before.turns[index]);
    const prompts = ({ prompt, turns }: OutgoingTexts) => [prompt, ...turns.map((turn) => turn.prompt)];
    const now = prompts(after);
    const newTitle = prompts(before).reduce(
      (name, prompt, index) => titleAfter(name, prompt, now[index] ?? prompt),
      title,
    );
    if (changed.length === 0 && newTitle === title) return;
    if (changed.length > 0) await chat.changeTurns(id, changed);
    if (newTitle !== title) await chat.rename(id, newTitle);
    onChange(id, ({ turns, ...others }) => ({
      ...others,
      title: newTitle,
      turns: turns.map((turn) => changed.find((each) => each.id === turn.id) ?? turn),
    }));
    if (!display.shows(id)) return;
    display.show(display.conversation);
    // The view keeps what it has of turns far from the end.
    display.postTurns(
      id,
      changed.map((turn) => turn.id),
    );
  }

  /** Ends the question. Returns what was held; undefined if nothing was. */
  release(choice: SecretsChoice): CheckedPrompt | undefined {
    const held = this.#held;
    this.#hold(undefined);
    if (choice !== "cancel") for (const { digest } of held?.secrets ?? []) this.#choices.set(digest, choice);
    return held;
  }

  /** The prompt of a turn may be sent: there is no question about it any more. */
  #answered({ replaces }: SendOptions): void {
    if (replaces !== undefined && this.#held?.options.replaces === replaces) this.#hold(undefined);
  }

  #hold(held: Held | undefined): void {
    this.#held = held;
    this.post();
  }

  /** Posts the question; none while the view shows another conversation. */
  post(): void {
    const held = this.#held;
    const { display, post } = this.#deps;
    if (held === undefined || held.conversationId !== display.conversation.id) {
      if (this.#isAsking) post({ type: "heldPrompt", held: null });
      this.#isAsking = false;
      return;
    }
    const secrets = held.secrets.map(({ place, secret }) => ({ place, secret }));
    const isInInput = held.options.replaces === undefined;
    post({ type: "heldPrompt", held: { secrets, model: held.model, isInInput } });
    this.#isAsking = true;
  }
}

/** The prompt of a turn is sent again with another text. */
function asEdit({ replaces, ...options }: SendOptions): SendOptions {
  return replaces === undefined ? options : { ...options, edits: replaces };
}
