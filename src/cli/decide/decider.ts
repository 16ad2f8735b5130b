import { hash } from "node:crypto";
import { LRUCache } from "lru-cache";
import { messagesFor } from "../../assistant/request.ts";
import { matchesAny } from "../../base/paths/glob.ts";
import type { ContextItem } from "../../contract/context.ts";
import {
  type Attributes,
  type Decision,
  type Escalation,
  type EscalationReason,
  escalationOf,
} from "../../contract/decision.ts";
import { textOf } from "../../contract/message.ts";
import type { ModelRef } from "../../contract/model.ts";
import { estimateTokens, inputBound } from "../../models/tokens.ts";
import type { Classify, EarlierPrompt } from "../../routing/classify/classify.ts";
import { ownWordsIn } from "../../routing/classify/ownWords.ts";
import { decide } from "../../routing/decide/decide.ts";
import { nextTry } from "../../routing/decide/escalate.ts";
import type { PreviousAnswer, World } from "../../routing/decide/world.ts";
import type { Settings } from "../../settings/schema.ts";
import type { PromptLine } from "./input.ts";

/** How many conversations are kept in memory. A prompt of an older one starts a new conversation. */
const MAX_CONVERSATIONS = 10_000;

/** How many attachments of a conversation are kept in memory. */
const MAX_ATTACHMENTS = 100;

/** How many prompts of a conversation are kept in memory, and how many characters of each. They show its topics. */
const MAX_EARLIER = 10;
const MAX_EARLIER_CHARACTERS = 500;

/** A token of an answer has about four bytes, and an upper bound counts each byte as a token. */
const BYTES_PER_TOKEN = 4;

/** The user of a prompt, if neither the line nor `switchyard.user` has one. */
const DEFAULT_USER = "anonymous";

/** What a conversation's next prompt depends on. */
type ConversationState = {
  /** The last answer, as if its expected tokens were exact. */
  readonly previous?: PreviousAnswer | undefined;
  readonly historyTokens: number;
  readonly historyBoundTokens: number;
  /** True once the conversation contains private content. */
  readonly isPrivate: boolean;
  /** Hashes of attached code and of file paths. */
  readonly attachments: readonly string[];
  /** How many prompts it has. */
  readonly prompts: number;
  /** The last prompts and the hardest one, the oldest first. */
  readonly earlier: readonly EarlierPrompt[];
  /** Undefined if there was no prompt. */
  readonly last?: LastPrompt | undefined;
};

/** What an act after the last answer depends on. The decision itself is large, and is made again. */
type LastPrompt = {
  readonly decisionId: string;
  /** The model that answered; undefined if the prompt was not sent. */
  readonly ref: ModelRef | undefined;
  readonly escalation?: Escalation | undefined;
  /** The conversation without the prompt. */
  readonly before: ConversationState;
};

const NEW_CONVERSATION: ConversationState = {
  historyTokens: 0,
  historyBoundTokens: 0,
  isPrivate: false,
  attachments: [],
  prompts: 0,
  earlier: [],
};

export type DeciderOptions = {
  readonly settings: Settings;
  readonly classify: Classify;
  readonly world: Omit<World, "conversation">;
  /** How many conversations to keep in memory; 10,000 by default. */
  readonly maxConversations?: number | undefined;
};

/** Decides prompts as the chat does: with the same messages, and with the conversation so far. */
export class Decider {
  readonly world: Omit<World, "conversation">;
  readonly #settings: Settings;
  readonly #classify: Classify;
  readonly #conversations: LRUCache<string, ConversationState>;

  constructor({ settings, classify, world, maxConversations = MAX_CONVERSATIONS }: DeciderOptions) {
    this.world = world;
    this.#settings = settings;
    this.#classify = classify;
    this.#conversations = new LRUCache({ max: maxConversations });
  }

  /** Whether the line has no act, or its conversation a prompt before it. */
  canDecide({ act, conversation }: PromptLine): boolean {
    return act === undefined || this.#stateOf(conversation).last !== undefined;
  }

  /**
   * Decides a prompt, and adds it to its conversation. With an act, in place of the last prompt there.
   * @param number the number of its line
   */
  async decide(line: PromptLine, number: number): Promise<Decision> {
    const { prompt, context = "", conversation, act } = line;
    const present = this.#stateOf(conversation);
    const last = act === undefined ? undefined : present.last;
    const state = last?.before ?? present;
    const attachments = attachmentsOf(line);
    const messages = messagesFor([], {
      text: prompt,
      context: context === "" ? [] : [contextItem(line, context)],
    });
    const ownTokens = messages.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
    const attributes: Attributes = {
      ...this.#attributesOf(line, number, state, attachments),
      inputBoundTokens: state.historyBoundTokens + inputBound(messages),
      characters: prompt.length + context.length,
      expectedOutputTokens: line.expectedOutputTokens,
    };
    const features = await this.#classify(
      {
        ownWords: prompt,
        characters: prompt.length + context.length,
        contextTokens: state.historyTokens + ownTokens,
        isOffline: attributes.isPrivate,
        number: state.prompts + 1,
        earlier: state.earlier,
      },
      this.#settings,
    );
    const world = { ...this.world, conversation: state.previous };
    const again = decide(attributes, features, this.#settings, world);
    const escalation = last && act && this.#escalation(again, last, act);
    const decision =
      escalation === undefined
        ? again
        : decide({ ...attributes, escalation }, features, this.#settings, world);
    if (conversation !== undefined)
      this.#conversations.set(conversation, stateAfter(state, decision, attachments, line));
    return decision;
  }

  #stateOf(conversation: string | undefined): ConversationState {
    return (
      (conversation === undefined ? undefined : this.#conversations.get(conversation)) ?? NEW_CONVERSATION
    );
  }

  /** The next try, as the chat's: where no model is stronger, the one of the last step tries again. */
  #escalation(decision: Decision, last: LastPrompt, reason: EscalationReason): Escalation | undefined {
    const { decisionId, ref: from } = last;
    if (from === undefined) return undefined;
    const next = nextTry(decision, from, this.#settings, { ...this.world, conversation: undefined });
    return next ? { decisionId, from, reason, ...next } : last.escalation;
  }

  #attributesOf(
    { paths = [], user, tier, command, language, conversation, edit }: PromptLine,
    number: number,
    state: ConversationState,
    attachments: readonly string[],
  ): Omit<Attributes, "inputBoundTokens" | "expectedOutputTokens"> {
    const settings = this.#settings;
    return {
      requestId: `line ${number}`,
      paths,
      needs: [],
      userTier: tier ?? settings.userTier,
      user: user ?? (settings.user === "" ? DEFAULT_USER : settings.user),
      isPrivate: state.isPrivate || paths.some((path) => matchesAny(settings.privatePaths, path)),
      attachedNew: attachments.some((attachment) => !state.attachments.includes(attachment)),
      images: 0,
      command: command?.replace(/^\//, ""),
      language,
      conversation,
      isEdit: edit,
    };
  }
}

/** The state after a decision. A prompt that is not sent gets no answer. */
function stateAfter(
  before: ConversationState,
  decision: Decision,
  attachments: readonly string[],
  { prompt, context = "" }: PromptLine,
): ConversationState {
  const { attributes, atMs, outcome, route, expectedInputTokens, expectedOutputTokens } = decision;
  const state = {
    ...before,
    attachments: [...new Set([...before.attachments, ...attachments])].slice(-MAX_ATTACHMENTS),
    isPrivate: attributes.isPrivate,
    prompts: before.prompts + 1,
    earlier: withPrompt(before.earlier, {
      ownWords: beginningOf(ownWordsIn(prompt)),
      characters: prompt.length + context.length,
      number: before.prompts + 1,
      complexity: decision.features.complexity,
    }),
  };
  const { last: _, ...rest } = before;
  const last = { decisionId: decision.id, escalation: escalationOf(decision), before: rest };
  if (outcome.kind === "blocked") return { ...state, last: { ...last, ref: undefined } };
  const { ref } = outcome.chain[0];
  return {
    ...state,
    last: { ...last, ref },
    historyTokens: expectedInputTokens + expectedOutputTokens,
    historyBoundTokens: attributes.inputBoundTokens + expectedOutputTokens * BYTES_PER_TOKEN,
    previous: {
      ref,
      atMs,
      inputTokens: expectedInputTokens,
      outputTokens: expectedOutputTokens,
      route,
      // A follow-up without code is about the code before it.
      language: attributes.language ?? (attachments.length === 0 ? before.previous?.language : undefined),
    },
  };
}

/** A copy: a slice of a string would keep all of it in memory. */
function beginningOf(words: string): string {
  const isShort = words.length <= MAX_EARLIER_CHARACTERS;
  return isShort ? words : Buffer.from(words.slice(0, MAX_EARLIER_CHARACTERS)).toString();
}

/** Adds a prompt, and drops the oldest one that is not the hardest if there are too many. */
function withPrompt(earlier: readonly EarlierPrompt[], prompt: EarlierPrompt): readonly EarlierPrompt[] {
  const all = [...earlier, prompt];
  if (all.length <= MAX_EARLIER) return all;
  const scoreOf = ({ complexity }: EarlierPrompt) => complexity?.score ?? 0;
  const [first, second] = all;
  const isFirstHardest = first !== undefined && all.every((each) => scoreOf(each) <= scoreOf(first));
  return all.filter((each) => each !== (isFirstHardest ? second : first));
}

/** Hashes of the attached code and of the file paths, which are short however long the code is. */
function attachmentsOf({ context = "", paths = [] }: PromptLine): readonly string[] {
  const code = context === "" ? [] : [`code\0${context}`];
  return [...code, ...paths.map((path) => `path\0${path}`)].map((text) =>
    hash("sha256", text, "base64url").slice(0, 16),
  );
}

function contextItem({ paths = [], language = "" }: PromptLine, text: string): ContextItem {
  return {
    kind: "file",
    path: paths[0] ?? "the editor",
    language,
    text,
    startLine: 1,
    endLine: 1,
    tokens: 0,
    isPrivate: false,
  };
}
