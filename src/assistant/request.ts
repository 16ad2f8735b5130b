import type { ContextItem, Conversation, Prompt } from "../contract/conversation.ts";
import type { Attributes } from "../contract/decision.ts";
import type { EngineRequest } from "../engine/request.ts";
import type { PreviousAnswer } from "../routing/world.ts";
import { messagesFor } from "./messages.ts";

/** A prompt in its conversation, as the engine takes it. */
export function requestFor(
  conversation: Pick<Conversation, "id" | "isPrivate" | "turns">,
  prompt: Prompt,
  budgetChoice?: NonNullable<Attributes["budgetChoice"]>,
): EngineRequest {
  const { context, command, explicitModel } = prompt;
  const language = context[0]?.language;
  const previous = previousAnswer(conversation.turns);
  return {
    messages: messagesFor(conversation.turns, prompt),
    ownWords: prompt.text,
    characters: context.reduce((sum, { text }) => sum + text.length, prompt.text.length),
    conversation: conversation.id,
    canTakeBack: true,
    isPrivate: conversation.isPrivate || context.some(({ isPrivate }) => isPrivate),
    paths: context.map(({ path }) => path),
    attachedNew: context.some((item) => !wentAlong(item, conversation.turns)),
    ...(previous === undefined ? {} : { previous }),
    ...(command === undefined ? {} : { command }),
    ...(language === undefined ? {} : { language }),
    ...(explicitModel === undefined ? {} : { explicitModel }),
    ...(budgetChoice === undefined ? {} : { budgetChoice }),
  };
}

/** The same piece of code was part of an earlier prompt. */
function wentAlong({ path, startLine, endLine }: ContextItem, turns: Conversation["turns"]): boolean {
  return turns.some(({ prompt }) =>
    prompt.context.some(
      (item) => item.path === path && item.startLine === startLine && item.endLine === endLine,
    ),
  );
}

/** Who answered last, and what of the conversation its provider's cache may hold. */
function previousAnswer(turns: Conversation["turns"]): PreviousAnswer | undefined {
  for (const { prompt, answer } of turns.toReversed()) {
    const { decision, summary } = answer;
    const attempt = summary?.attempts.findLast(({ outcome }) => outcome.kind === "answered");
    if (decision === undefined || summary === undefined || attempt === undefined) continue;
    const { inputTokens = decision.expectedInputTokens, outputTokens = 0 } = attempt.usage ?? {};
    const language = prompt.context[0]?.language;
    return {
      ref: attempt.ref,
      atMs: decision.atMs + summary.tookMs,
      inputTokens,
      outputTokens,
      route: decision.route,
      ...(attempt.usage === undefined
        ? {}
        : { cachedTokens: attempt.usage.cacheReadTokens + attempt.usage.cacheWriteTokens }),
      ...(language === undefined ? {} : { language }),
    };
  }
  return undefined;
}
