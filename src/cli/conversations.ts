import { hash } from "node:crypto";
import type { Decision } from "../contract/decision.ts";
import type { PreviousAnswer } from "../routing/decide/world.ts";

/** So many conversations are remembered, those that spoke last; one that was forgotten begins anew. */
const REMEMBERED = 10_000;

/** Of what went along, so much is remembered of each. */
const SEEN = 100;

/** A byte is a token at most, and a token of an answer about four bytes. */
const BYTES_PER_TOKEN = 4;

/** What a conversation's next prompt goes by. */
export type ConversationSoFar = {
  /** The decision before, as though its expected figures had come true. */
  readonly previous?: PreviousAnswer;
  readonly historyTokens: number;
  readonly historyBoundTokens: number;
  /** Private content was part of it: for good. */
  readonly isPrivate: boolean;
  /** Marks of the code and the files that went along. */
  readonly seen: readonly string[];
};

export const BEGINNING: ConversationSoFar = {
  historyTokens: 0,
  historyBoundTokens: 0,
  isPrivate: false,
  seen: [],
};

/** The conversations of the input, in bounded memory. */
export class Conversations {
  readonly #known = new Map<string, ConversationSoFar>();
  readonly #capacity: number;

  constructor(capacity = REMEMBERED) {
    this.#capacity = capacity;
  }

  soFar(id: string): ConversationSoFar {
    return this.#known.get(id) ?? BEGINNING;
  }

  /** Goes on after a decision. One that asked nobody leaves no answer. */
  remember(id: string, before: ConversationSoFar, decision: Decision, marks: readonly string[]): void {
    const { attributes, outcome } = decision;
    const seen = [...new Set([...before.seen, ...marks])].slice(-SEEN);
    const kept = { ...before, seen, isPrivate: attributes.isPrivate };
    this.#known.delete(id);
    this.#known.set(
      id,
      outcome.kind === "blocked"
        ? kept
        : { ...kept, ...answered(decision, outcome.chain[0].ref, before, marks) },
    );
    const oldest = this.#known.size > this.#capacity ? this.#known.keys().next() : undefined;
    if (oldest?.done === false) this.#known.delete(oldest.value);
  }
}

function answered(
  { attributes, atMs, route, expectedInputTokens, expectedOutputTokens }: Decision,
  ref: string,
  before: ConversationSoFar,
  marks: readonly string[],
): Pick<ConversationSoFar, "previous" | "historyTokens" | "historyBoundTokens"> {
  // A follow-up carries no code of its own: the language of what it follows goes on.
  const language = attributes.language ?? (marks.length === 0 ? before.previous?.language : undefined);
  return {
    historyTokens: expectedInputTokens + expectedOutputTokens,
    historyBoundTokens: attributes.inputBoundTokens + expectedOutputTokens * BYTES_PER_TOKEN,
    previous: {
      ref,
      atMs,
      inputTokens: expectedInputTokens,
      outputTokens: expectedOutputTokens,
      route,
      ...(language === undefined ? {} : { language }),
    },
  };
}

/** Stands for a piece of code or a file's path, however long. */
export function markOf(kind: "code" | "path", text: string): string {
  return hash("sha256", `${kind}\0${text}`, "base64url").slice(0, 16);
}
