import type { ContextItem } from "../../contract/context.ts";
import type { Prompt } from "../../contract/conversation.ts";
import { PLACEHOLDERS } from "../../settings/declared/prompts.ts";
import { contextKey, type Gathered, isCode, placeOf } from "../context.ts";

/** A prompt that a command sends. */
export type PromptTemplate = {
  /** Without the slash. */
  readonly name: string;
  /** Contains placeholders: `{selection}`. */
  readonly text: string;
  /** Instead of the text, if no code is attached. */
  readonly textWithoutCode?: string | undefined;
  /**
   * The code that the command attaches by itself if nothing is attached. `selected-or-file`: selected code, else the
   * active file. `selected`: the same, but with the user's own words only selected code.
   */
  readonly code?: "selected" | "selected-or-file" | undefined;
  /** From the menus of the editor, the prompt edits the selected code instead of being sent in the chat. */
  readonly edit?: boolean | undefined;
};

/** Where the placeholders of prompts get their content. */
export type PromptSources = {
  /** @param maxAgeMs content that was gathered this long ago may be returned again, where gathering is slow */
  readonly gather: (
    what: "selection" | "selected-or-file" | Exclude<Placeholder, "language">,
    maxAgeMs: number,
  ) => Promise<Gathered>;
  /** The language of the active editor. */
  readonly language: () => string | undefined;
  /** Why there is no language. */
  readonly noLanguage: () => string;
};

/** A prompt that can be sent, or a sentence with what it lacks. */
export type FilledPrompt =
  | { readonly kind: "prompt"; readonly prompt: Prompt }
  | { readonly kind: "missing"; readonly reason: string };

type Placeholder = (typeof PLACEHOLDERS)[number];

const PLACEHOLDER = new RegExp(`\\{(${PLACEHOLDERS.join("|")})\\}`, "g");

/**
 * Fills a template. The content of placeholders is attached, so that it counts as context with its tokens, its paths and
 * whether it is private; the text names it. What the user has attached takes the place of what would be gathered.
 * @param prompt the user's own words, and what is attached
 * @param maxAgeMs how old slowly gathered content may be
 */
export async function fillPrompt(
  template: PromptTemplate,
  prompt: Prompt,
  sources: PromptSources,
  maxAgeMs: number,
): Promise<FilledPrompt> {
  const reasons: string[] = [];
  const attached = new Map<string, readonly ContextItem[]>();
  for (const name of placeholdersIn(template.text)) {
    if (name === "language") continue;
    const given = prompt.context.filter((item) => fits(item, name));
    const gathered: Gathered =
      given.length > 0 ? { kind: "items", items: given } : await sources.gather(name, maxAgeMs);
    if (gathered.kind === "none") reasons.push(gathered.reason);
    else attached.set(name, gathered.items);
  }
  const code = await codeFor(template, prompt, sources, maxAgeMs);
  if (code.kind === "none") reasons.push(code.reason);
  const gathered = [...attached.values(), code.kind === "none" ? [] : code.items].flat();
  const context = withoutDuplicates([...prompt.context, ...gathered]);
  const language = context.find(isCode)?.language || sources.language();
  if (template.text.includes("{language}") && language === undefined) reasons.push(sources.noLanguage());
  if (reasons.length > 0) return { kind: "missing", reason: [...new Set(reasons)].join(" ") };

  const { textWithoutCode } = template;
  const text = textWithoutCode !== undefined && context.length === 0 ? textWithoutCode : template.text;
  const instructions = text.replace(PLACEHOLDER, (_, name: string) =>
    name === "language" ? (language ?? "") : nameInText(attached.get(name) ?? []),
  );
  return { kind: "prompt", prompt: { ...prompt, command: template.name, instructions, context } };
}

function placeholdersIn(text: string): ReadonlySet<Placeholder> {
  return new Set(PLACEHOLDERS.filter((name) => text.includes(`{${name}}`)));
}

/** The code that a command attaches by itself. Without code, the user's own words are enough. */
async function codeFor(
  { code }: PromptTemplate,
  { text, context }: Prompt,
  sources: PromptSources,
  maxAgeMs: number,
): Promise<Gathered> {
  const none: Gathered = { kind: "items", items: [] };
  if (code === undefined || context.length > 0) return none;
  const hasWords = text !== "";
  const gathered = await sources.gather(
    code === "selected" && hasWords ? "selection" : "selected-or-file",
    maxAgeMs,
  );
  return gathered.kind === "none" && hasWords ? none : gathered;
}

function fits(item: ContextItem, name: Exclude<Placeholder, "language">): boolean {
  return item.kind === name || (name === "selection" && item.kind === "symbol");
}

function withoutDuplicates(items: readonly ContextItem[]): readonly ContextItem[] {
  return [...new Map(items.map((item) => [contextKey(item), item])).values()];
}

/** What replaces the placeholders of attached items in the text. */
function nameInText(items: readonly ContextItem[]): string {
  return items
    .map((item) => {
      if (isCode(item)) return placeOf(item);
      if (item.kind !== "problems") return "the uncommitted changes";
      return item.path === undefined ? "the problems" : `the problems in ${item.path}`;
    })
    .join(", ");
}
