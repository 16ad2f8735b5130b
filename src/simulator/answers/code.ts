/** The code in prompts, and repairs of it that look like a model's. */

/** Code of a prompt. */
export type Code = { readonly language: string; readonly text: string };

/** The last fenced code block of a prompt. */
export function codeIn(prompt: string): Code | undefined {
  const found = [...prompt.matchAll(/^(`{3,})([\w+#.-]*)[^\n]*\n([\s\S]*?)\n?^\1/gm)].at(-1);
  const text = found?.[3];
  if (found === undefined || text === undefined || text.trim() === "") return undefined;
  return { language: found[2] || "text", text };
}

/** Repairs for the demo: a pattern, its replacement, and the reason. */
const REPAIRS: readonly (readonly [RegExp, string, string])[] = [
  [/<=(\s*[\w.]+\.length)\b/g, "<$1", "the loop ran one step too far"],
  [/([^=!<>])==([^=])/g, "$1===$2", "`==` converts its operands; `===` does not"],
  [/!=([^=])/g, "!==$1", "`!=` converts its operands; `!==` does not"],
  [/\bvar\s/g, "let ", "`var` is not scoped to its block"],
];
const PYTHON_REPAIRS: readonly (readonly [RegExp, string, string])[] = [
  [/==\s*None\b/g, "is None", "`None` is compared by identity"],
  [/!=\s*None\b/g, "is not None", "`None` is compared by identity"],
  [/\bexcept\s*:/g, "except Exception:", "a bare `except` also catches an interrupt"],
  [/=\[\]\s*([,)])/g, "=None$1", "a mutable default is shared by all calls"],
];
const STRICT_EQUALITY = /^(ts|tsx|js|jsx|typescript|javascript)/i;

/** The code with repairs, and the reason for each. */
export function repaired({ language, text }: Code): {
  readonly text: string;
  readonly notes: readonly string[];
} {
  const python = /^py/i.test(language);
  const repairs = python ? PYTHON_REPAIRS : STRICT_EQUALITY.test(language) ? REPAIRS : REPAIRS.slice(0, 1);
  const notes: string[] = [];
  let result = text;
  for (const [pattern, replacement, why] of repairs) {
    const next = result.replace(pattern, replacement);
    if (next !== result) notes.push(why);
    result = next;
  }
  if (notes.length > 0) return { text: result, notes };
  const comment = python || /^(sh|bash|ruby|rb|yaml)/i.test(language) ? "#" : "//";
  if (text.trim() === "")
    return {
      text: `${comment} The simulator writes no new code. A model writes it, once a provider has a key.\n`,
      notes: ["a comment"],
    };
  return {
    text: `${comment} Checked: no changes are needed.\n${text}`,
    notes: ["a comment; nothing needed a repair"],
  };
}
