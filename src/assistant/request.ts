import type { ContextItem } from "../contract/context.ts";
import type { Conversation, Prompt } from "../contract/conversation.ts";
import type { Attributes } from "../contract/decision.ts";
import { type ImagePart, type Message, textMessage } from "../contract/message.ts";
import type { EngineRequest } from "../engine/request.ts";
import type { EarlierPrompt } from "../routing/classify/classify.ts";
import type { PreviousAnswer } from "../routing/decide/world.ts";
import { isCode, isSameContext, labelled, pathsOf } from "./context.ts";

/** The system prompt. It is short because every prompt pays for it. */
const SYSTEM =
  "You are a programming assistant in Visual Studio Code. Answer in Markdown, briefly and to the point. " +
  "Put code into fenced blocks that name their language. Say so when you do not know.";

/** Builds the engine's request for a prompt in its conversation. Turns that the user has left out have no part in it. */
export function requestFor(
  conversation: Pick<Conversation, "id" | "isPrivate" | "turns" | "leftOut" | "choice">,
  prompt: Prompt,
  budgetChoice?: Attributes["budgetChoice"],
): EngineRequest {
  const { context, command } = prompt;
  const { leftOut = 0, choice = {} } = conversation;
  const turns = conversation.turns.slice(leftOut);
  return {
    messages: messagesFor(turns, prompt),
    ownWords: wordsOf(prompt),
    characters: charactersOf(prompt),
    conversation: conversation.id,
    canRetract: true,
    isPrivate: conversation.isPrivate || context.some(({ isPrivate }) => isPrivate),
    paths: context.flatMap(pathsOf),
    attachedNew: context.some((item) => !wasAttached(item, turns)),
    number: conversation.turns.length + 1,
    earlier: earlierPrompts(conversation.turns, leftOut),
    previous: previousAnswer(turns, leftOut),
    command,
    language: languageOf(prompt),
    explicitModel: prompt.explicitModel ?? choice.model,
    effort: choice.effort && { value: choice.effort, by: "conversation" },
    budgetChoice,
  };
}

/** Returns the prompts whose complexity is held: those after the last one for which the user picked the model. */
function earlierPrompts(turns: Conversation["turns"], leftOut: number): readonly EarlierPrompt[] {
  const picked = turns.findLastIndex(
    ({ prompt, answer }) => (prompt.explicitModel ?? answer.decision?.attributes.explicitModel) !== undefined,
  );
  const start = Math.max(leftOut, picked + 1);
  return turns.slice(start).map(({ prompt, answer }, index) => ({
    ownWords: wordsOf(prompt),
    characters: charactersOf(prompt),
    number: start + index + 1,
    complexity: answer.decision?.features.complexity,
  }));
}

/** Returns what the user asks for: the instructions of the command that was typed, and the user's own words. */
function wordsOf({ instructions = "", text }: Prompt): string {
  return [instructions, text].filter((part) => part !== "").join("\n\n");
}

function charactersOf(prompt: Prompt): number {
  return prompt.context.reduce((sum, item) => sum + item.text.length, wordsOf(prompt).length);
}

/** Returns the messages of a conversation: the system prompt, the earlier turns and the new prompt. */
export function messagesFor(before: Conversation["turns"], prompt: Prompt): readonly Message[] {
  return [textMessage("system", SYSTEM), ...earlierMessages(before), userMessage(prompt)];
}

/** Returns the messages of earlier turns. Turns without an answer's text are left out. */
export function earlierMessages(turns: Conversation["turns"]): readonly Message[] {
  return turns
    .filter(({ answer }) => answer.text !== "")
    .flatMap((turn) => [userMessage(turn.prompt), textMessage("assistant", turn.answer.text)]);
}

function userMessage(prompt: Prompt): Message {
  const texts = prompt.context.filter(({ kind }) => kind !== "image").map(labelled);
  const text = [...texts, wordsOf(prompt)].join("\n\n");
  // Models answer best if images come first: https://platform.claude.com/docs/en/build-with-claude/vision
  const images = prompt.context.flatMap(imageParts);
  return images.length === 0
    ? textMessage("user", text)
    : { role: "user", parts: [...images, { type: "text", text }] };
}

function imageParts(item: ContextItem): readonly ImagePart[] {
  return item.kind === "image" ? [{ type: "image", mediaType: item.mediaType, data: item.data }] : [];
}

/** Returns whether an earlier prompt had the same lines of the same file attached, or the same output or diff. */
function wasAttached(item: ContextItem, turns: Conversation["turns"]): boolean {
  return turns.some(({ prompt }) => prompt.context.some((earlier) => isSameContext(item, earlier)));
}

/** Returns the language of the first code that is attached. */
function languageOf({ context }: Prompt): string | undefined {
  return context.filter(isCode).find(({ language }) => language !== "")?.language;
}

/**
 * Returns the model of the last answer, with the part of the conversation that its provider may have cached: nothing, if
 * the answer's prompt was sent with other turns before it.
 */
function previousAnswer(turns: Conversation["turns"], leftOut: number): PreviousAnswer | undefined {
  for (const { prompt, answer, leftOut: leftOutThen = 0 } of turns.toReversed()) {
    const { decision, summary } = answer;
    const attempt = summary?.attempts.findLast(({ outcome }) => outcome.kind === "answered");
    if (decision === undefined || summary === undefined || attempt === undefined) continue;
    const { inputTokens = decision.expectedInputTokens, outputTokens = 0 } = attempt.usage ?? {};
    const cached =
      leftOutThen !== leftOut
        ? { inputTokens: 0, cachedTokens: 0 }
        : attempt.usage === undefined
          ? { inputTokens }
          : { inputTokens, cachedTokens: attempt.usage.cacheReadTokens + attempt.usage.cacheWriteTokens };
    return {
      ref: attempt.ref,
      atMs: decision.atMs + summary.tookMs,
      outputTokens,
      route: decision.route,
      ...cached,
      language: languageOf(prompt),
    };
  }
  return undefined;
}
