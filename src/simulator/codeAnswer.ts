/** What the prompt wants done with code. */
export type Intent = "fix" | "explain" | "test" | "document" | "refactor" | "ask";

export type GivenCode = { readonly language: string; readonly code: string };

/** The last fenced block of a prompt, if it has one. */
export function givenCode(prompt: string): GivenCode | undefined {
  const found = [...prompt.matchAll(/^(`{3,})([\w+#.-]*)[^\n]*\n([\s\S]*?)\n?^\1/gm)].at(-1);
  const code = found?.[3];
  if (found === undefined || code === undefined || code.trim() === "") return undefined;
  return { language: found[2] || "text", code };
}

const INTENTS: readonly (readonly [Intent, RegExp])[] = [
  ["fix", /\b(fix|repair|debug|bug|mistakes?)\b/i],
  ["test", /\b(write|add|generate)\b.{0,20}\btests?\b/i],
  ["document", /\b(document|doc comments?|docstrings?)\b/i],
  ["refactor", /\b(refactor|clean up|simplify|rename)\b/i],
  ["explain", /\b(explain|what does|how does|describe|summari[sz]e)\b/i],
];

/** What is asked for, by the words that a person would use. */
export function intentOf(words: string): Intent {
  return INTENTS.find(([, pattern]) => pattern.test(words))?.[0] ?? "ask";
}

/** Repairs that are right often enough to look right in a demo. */
const REPAIRS: readonly (readonly [RegExp, string, string])[] = [
  [/<=(\s*[\w.]+\.length)\b/g, "<$1", "the loop ran one step past the end"],
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

/** The given code with its made-up repairs, and what they were for. */
export function repaired({ language, code }: GivenCode): {
  readonly code: string;
  readonly notes: readonly string[];
} {
  const python = /^py/i.test(language);
  const repairs = python ? PYTHON_REPAIRS : STRICT_EQUALITY.test(language) ? REPAIRS : REPAIRS.slice(0, 1);
  const notes: string[] = [];
  let result = code;
  for (const [pattern, replacement, why] of repairs) {
    const next = result.replace(pattern, replacement);
    if (next !== result) notes.push(why);
    result = next;
  }
  if (notes.length > 0) return { code: result, notes };
  const comment = python || /^(sh|bash|ruby|rb|yaml)/i.test(language) ? "#" : "//";
  return {
    code: `${comment} Checked: the cases below are handled in this order.\n${code}`,
    notes: ["nothing stood out, so the code is as it was, with a comment"],
  };
}

/** Names of functions and classes in the code, in order, with their lines (from 1). */
export function namesIn(code: string): readonly { readonly name: string; readonly line: number }[] {
  const pattern = /\b(?:function|class|def|fn|func|interface|type|const|struct)\s+\*?\s*([A-Za-z_$][\w$]*)/;
  return code
    .split("\n")
    .flatMap((text, index) => {
      const name = pattern.exec(text)?.[1];
      return name === undefined ? [] : [{ name, line: index + 1 }];
    })
    .slice(0, 6);
}
