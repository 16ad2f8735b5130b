import { type Code, codeIn, repaired } from "./code.ts";

type Text = { readonly role: unknown; readonly text: string };

/** What the extension's requests for edits begin with (assistant/edits/selected/editRequest.ts). */
const EDIT_REQUEST = /^You edit code in Visual Studio Code\./;
const DIVIDER = "=======";

/**
 * Answers a request for an edit, as it asks: with the whole new code, or with search/replace blocks; undefined for other
 * requests. Without a directive the code is repaired, or gets a comment. A prompt can contain:
 *
 * - `[replace: a => b]`: a right edit replaces this text; several are possible.
 * - `[edit: wrong]`: an edit that adds an error of types to TypeScript's code.
 * - `[edit: not-found]`: blocks whose lines do not occur in the code; when they are asked for again, those of a right edit.
 * - `[edit: none]`: a sentence without an edit.
 *
 * Models after the kind, as in `[edit: wrong sim-cheap sim-local]`, limit it to these; the others give a right edit.
 */
export function editAnswer(texts: readonly Text[], model: string): string | undefined {
  const system = texts.find(({ role }) => role === "system")?.text ?? "";
  if (!EDIT_REQUEST.test(system)) return undefined;
  const isAgain = texts.filter(({ role }) => role === "user").length > 1;
  const prompt = texts.find(({ role }) => role === "user")?.text ?? "";
  const code = codeIn(prompt) ?? { language: "text", text: "" };
  const answer = (text: string) =>
    system.includes("<<<<<<< SEARCH") ? blocks(code, text) : fence(code, text);
  switch (kindOf(prompt, model)) {
    case "wrong":
      return answer(`const simulated: number = "not a number";\n${edited(code, prompt)}`);
    case "not-found":
      if (isAgain) return answer(edited(code, prompt));
      return block(["these lines are not in the code"], ["nothing"]);
    case "none":
      return "Nothing needs to be changed here (simulated).";
    default:
      return answer(edited(code, prompt));
  }
}

function kindOf(prompt: string, model: string): string | undefined {
  const [, kind, models = ""] = /\[edit:\s*(wrong|not-found|none)\b\s*([^\]]*)\]/.exec(prompt) ?? [];
  const named = models.split(/[\s,]+/).filter((name) => name !== "");
  return named.length === 0 || named.includes(model) ? kind : undefined;
}

function edited(code: Code, prompt: string): string {
  const directives = [...prompt.matchAll(/\[replace:\s*(.+?)\s*=>\s*(.*?)\s*\]/g)];
  if (directives.length === 0) return repaired(code).text;
  return directives.reduce((text, [, from = "", to = ""]) => text.replaceAll(from, () => to), code.text);
}

function fence({ language, text: before }: Code, text: string): string {
  const ticks = "`".repeat(Math.max(3, ...[...before.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
  return `${ticks}${language}\n${text}\n${ticks}`;
}

/** A block for each line that differs. Lines that were added at the beginning go with the first line. */
function blocks({ text: before }: Code, after: string): string {
  const old = before.split("\n");
  const changed = after.split("\n");
  const added = changed.length - old.length;
  const pairs = old.map((line, index) => ({
    search: [line],
    replace: index === 0 ? changed.slice(0, added + 1) : changed.slice(index + added, index + added + 1),
  }));
  return pairs
    .map((pair, index) => ({ ...pair, index }))
    .filter(({ search, replace }) => search.join("\n") !== replace.join("\n"))
    .map(({ search, replace, index }) => {
      // A line that occurs more than once goes with the lines before it.
      let first = index;
      const occurs = (lines: readonly string[]) => before.split(lines.join("\n")).length - 1;
      while (first > 0 && occurs(old.slice(first, index + 1)) > 1) first -= 1;
      const above = old.slice(first, index);
      return block([...above, ...search], [...above, ...replace]);
    })
    .join("\n\n");
}

function block(search: readonly string[], replace: readonly string[]): string {
  return ["<<<<<<< SEARCH", ...search, DIVIDER, ...replace, ">>>>>>> REPLACE"].join("\n");
}
