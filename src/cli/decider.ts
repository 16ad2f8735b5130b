import { messagesFor } from "../assistant/request.ts";
import { matchesAny } from "../base/glob.ts";
import type { ContextItem } from "../contract/conversation.ts";
import type { Attributes, Decision } from "../contract/decision.ts";
import { textOf } from "../contract/message.ts";
import { estimateTokens, inputBound } from "../models/tokens.ts";
import type { Classify } from "../routing/classify/classify.ts";
import { decide } from "../routing/decide/decide.ts";
import type { World } from "../routing/decide/world.ts";
import type { Settings } from "../settings/schema.ts";
import { BEGINNING, type ConversationSoFar, type Conversations, markOf } from "./conversations.ts";
import type { PromptLine } from "./promptLine.ts";

/** Who a prompt is from where neither the line nor `switchyard.user` says. */
const NOBODY = "anonymous";

export type DeciderDeps = {
  readonly settings: Settings;
  readonly classify: Classify;
  readonly world: Omit<World, "conversation">;
  readonly conversations: Conversations;
};

/** Decides a line as the chat would: the same message is sized up, and the conversation so far goes along. */
export async function decideLine(
  line: PromptLine,
  number: number,
  { settings, classify, world, conversations }: DeciderDeps,
): Promise<Decision> {
  const { prompt, context = "", conversation } = line;
  const soFar = conversation === undefined ? BEGINNING : conversations.soFar(conversation);
  const marks = marksOf(line);
  const messages = messagesFor([], {
    text: prompt,
    context: context === "" ? [] : [contextItem(line, context)],
  });
  const ownTokens = messages.reduce((sum, message) => sum + estimateTokens(textOf(message)), 0);
  const attributes = attributesOf(line, `line ${number}`, soFar, marks, settings, {
    inputBoundTokens: soFar.historyBoundTokens + inputBound(messages),
    // Half of what the line brings, not of all that was said before: answers would double and double again.
    expectedOutputTokens: line.expectedOutputTokens ?? Math.ceil(ownTokens / 2),
  });
  const features = await classify(
    {
      ownWords: prompt,
      characters: prompt.length + context.length,
      contextTokens: soFar.historyTokens + ownTokens,
      isPrivate: attributes.isPrivate,
    },
    settings,
  );
  const { previous } = soFar;
  const decision = decide(attributes, features, settings, {
    ...world,
    ...(previous === undefined ? {} : { conversation: previous }),
  });
  if (conversation !== undefined) conversations.remember(conversation, soFar, decision, marks);
  return decision;
}

function attributesOf(
  { paths = [], user, tier, command, language, conversation }: PromptLine,
  requestId: string,
  soFar: ConversationSoFar,
  marks: readonly string[],
  settings: Settings,
  sizes: Pick<Attributes, "inputBoundTokens" | "expectedOutputTokens">,
): Attributes {
  return {
    requestId,
    paths,
    needs: [],
    userTier: tier ?? settings.userTier,
    user: user ?? (settings.user === "" ? NOBODY : settings.user),
    isPrivate: soFar.isPrivate || paths.some((path) => matchesAny(settings.privatePaths, path)),
    attachedNew: marks.some((mark) => !soFar.seen.includes(mark)),
    images: 0,
    ...sizes,
    ...(command === undefined ? {} : { command: command.replace(/^\//, "") }),
    ...(language === undefined ? {} : { language }),
    ...(conversation === undefined ? {} : { conversation }),
  };
}

/** What goes along: the attached code, and the files' names. */
function marksOf({ context = "", paths = [] }: PromptLine): readonly string[] {
  const code = context === "" ? [] : [markOf("code", context)];
  return [...code, ...paths.map((path) => markOf("path", path))];
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
