import type { Prompt } from "../../../contract/conversation.ts";
import type { ToView } from "../../../contract/view/protocol.ts";
import { promptView } from "../conversationView.ts";
import type { QueuedPrompt, WindowState } from "../windowState.ts";

export type PromptQueueDeps = {
  readonly state: Pick<WindowState, "queued">;
  readonly isShown: (conversationId: string) => boolean;
  readonly post: (message: ToView) => void;
};

/** The prompts that wait, by conversation. They are kept over a reload of the window. */
export class PromptQueue {
  readonly #deps: PromptQueueDeps;
  #queued: WindowState["queued"];
  /** Conversations whose answer was stopped in order to send the first prompt: it is sent however the answer ends. */
  readonly #urgent = new Set<string>();
  readonly #deleted = new Set<string>();

  constructor(deps: PromptQueueDeps) {
    this.#deps = deps;
    this.#queued = deps.state.queued;
  }

  of(conversationId: string): readonly QueuedPrompt[] {
    return this.#queued[conversationId] ?? [];
  }

  add(conversationId: string, prompt: Prompt): void {
    const prompts = this.of(conversationId);
    const id = String(1 + prompts.reduce((highest, each) => Math.max(highest, Number(each.id)), 0));
    this.#change(conversationId, [...prompts, { id, prompt }]);
  }

  /** Replaces a prompt, which keeps its place. */
  replace(conversationId: string, id: string, prompt: Prompt): void {
    const prompts = this.of(conversationId).map((each) => (each.id === id ? { id, prompt } : each));
    this.#change(conversationId, prompts);
  }

  /** Moves a prompt by a number of places; to the end of the queue at most. */
  move(conversationId: string, id: string, by: number): void {
    const prompts = this.of(conversationId);
    const index = prompts.findIndex((each) => each.id === id);
    const moved = prompts[index];
    if (moved === undefined) return;
    const others = prompts.toSpliced(index, 1);
    this.#change(conversationId, others.toSpliced(Math.max(0, index + by), 0, moved));
  }

  remove(conversationId: string, id: string): void {
    this.#change(
      conversationId,
      this.of(conversationId).filter((each) => each.id !== id),
    );
  }

  /** Makes a prompt the first one, and lets it be sent even if the answer before it is not complete. */
  makeUrgent(conversationId: string, id: string): void {
    this.move(conversationId, id, Number.NEGATIVE_INFINITY);
    if (this.of(conversationId)[0]?.id === id) this.#urgent.add(conversationId);
  }

  /** Removes and returns the first prompt, if it may be sent now. @param isComplete whether the answer before it is */
  take(conversationId: string, isComplete: boolean): Prompt | undefined {
    const isUrgent = this.#urgent.delete(conversationId);
    const [first, ...others] = this.of(conversationId);
    if (first === undefined || !(isUrgent || isComplete)) return undefined;
    this.#change(conversationId, others);
    return first.prompt;
  }

  /** Posts the queue of the conversation that is shown. */
  post(conversationId: string): void {
    const prompts = this.of(conversationId).map(({ id, prompt }) => ({ id, prompt: promptView(prompt) }));
    this.#deps.post({ type: "queued", prompts });
  }

  /** Keeps the queue of a deleted conversation only until the window closes: the deletion can be undone. */
  setDeleted(conversationId: string, isDeleted: boolean): void {
    if (isDeleted) this.#deleted.add(conversationId);
    else this.#deleted.delete(conversationId);
    this.#save();
  }

  #save(): void {
    const kept = Object.entries(this.#queued).filter(([id]) => !this.#deleted.has(id));
    this.#deps.state.queued = Object.fromEntries(kept);
  }

  #change(conversationId: string, prompts: readonly QueuedPrompt[]): void {
    const { [conversationId]: _, ...others } = this.#queued;
    this.#queued = prompts.length === 0 ? others : { ...others, [conversationId]: prompts };
    this.#save();
    if (this.#deps.isShown(conversationId)) this.post(conversationId);
  }
}
