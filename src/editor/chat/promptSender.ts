import type { AskOptions, Chat } from "../../assistant/chat.ts";
import type { Prompt, Turn } from "../../contract/conversation.ts";
import type { FromView, ToView } from "../../contract/view/protocol.ts";
import type { Attachments } from "./attachments.ts";
import type { Shown } from "./conversationDisplay.ts";
import type { RunningAnswers } from "./runningAnswers.ts";

export type AskingDeps = {
  readonly chat: Pick<Chat, "dropLast">;
  readonly running: Pick<RunningAnswers, "ask" | "runs">;
  readonly shown: Shown;
  readonly attachments: Attachments;
  readonly post: (message: ToView) => void;
  /** An answer has ended: what it cost is known. */
  readonly ended: () => Promise<void>;
  /** Lets the user change a budget; true if it is another one now. */
  readonly changeBudget: (period: "day" | "month") => Promise<boolean>;
  /** What *Continue* asks. */
  readonly goOn: () => string;
};

/** The ways of asking in the conversation that is shown. While an answer is written there, none of them does anything. */
export class Asking {
  readonly #deps: AskingDeps;

  constructor(deps: AskingDeps) {
    this.#deps = deps;
  }

  /** Sends what stood in the input; it goes back there if it was written in another conversation than is shown now. */
  async send(writtenIn: string | null, text: string): Promise<void> {
    const { shown, running, attachments, post } = this.#deps;
    if (text.trim() === "") return;
    const { id, turns } = shown.conversation;
    const belongs = writtenIn === id || (writtenIn === null && turns.length === 0);
    if (!belongs || running.runs(id)) return post({ type: "input", text });
    await this.ask(attachments.take(text.trim()), {});
  }

  async ask(prompt: Prompt, options: AskOptions): Promise<void> {
    const { running, shown, ended } = this.#deps;
    const { conversation } = shown;
    if (await running.ask({ conversation, prompt, options })) await ended();
  }

  /** Asks the last turn again. */
  async again(turnId: string, options: AskOptions): Promise<void> {
    const last = this.#lastAtRest(turnId);
    if (last !== undefined) await this.ask(last.prompt, { ...options, replaces: turnId });
  }

  /** Has an answer that stopped at its limit continued. */
  async goOn(turnId: string): Promise<void> {
    if (this.#lastAtRest(turnId) !== undefined) await this.ask({ text: this.#deps.goOn(), context: [] }, {});
  }

  /** What the user chose where the budget does not carry a prompt. */
  async budgetChoice(
    turnId: string,
    choice: Extract<FromView, { type: "budgetChoice" }>["choice"],
  ): Promise<void> {
    const last = this.#lastAtRest(turnId);
    if (last === undefined) return;
    switch (choice) {
      case "cheapest":
      case "free":
        return this.again(turnId, { budgetChoice: choice });
      case "raise":
        if (await this.#deps.changeBudget(periodOf(last))) await this.again(turnId, {});
        return;
      case "discard":
        return this.#discard(last);
    }
  }

  /** Gives a prompt that was not sent back to the input, with all that went along. */
  giveBack(prompt: Prompt): void {
    this.#deps.attachments.putBack(prompt);
    this.#deps.post({ type: "input", text: prompt.text });
  }

  async #discard(last: Turn): Promise<void> {
    const { chat, shown } = this.#deps;
    const { conversation } = shown;
    const { turns } = await chat.dropLast(conversation);
    // Meanwhile another conversation may have been opened: it is not to be replaced, nor written into.
    if (shown.conversation.id !== conversation.id) return;
    shown.show({ ...shown.conversation, turns });
    this.giveBack(last.prompt);
  }

  /** The last turn, if that is the one meant and nothing is being written after or into it. */
  #lastAtRest(turnId: string): Turn | undefined {
    const { shown, running } = this.#deps;
    const { id, turns } = shown.conversation;
    const last = turns.at(-1);
    return last?.id === turnId && !running.runs(id) ? last : undefined;
  }
}

function periodOf({ answer }: Turn): "day" | "month" {
  const ending = answer.summary?.ending;
  return ending?.kind === "not-sent" && ending.reason.kind === "over-budget" ? ending.reason.period : "day";
}
