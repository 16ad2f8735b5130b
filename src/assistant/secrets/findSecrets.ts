/** Keys and passwords in what is about to leave this machine. Loaded when a prompt is sent to a provider that is not local. */
import { lintSource } from "@secretlint/core";
import { rules } from "@secretlint/secretlint-rule-preset-recommend";
import { PATTERNS } from "./patterns.ts";

/** A secret, by its place in a text and the kind of it: “GitHub Token”. */
export type FoundSecret = { readonly start: number; readonly end: number; readonly kind: string };

/** The rule by which a comment switches the others off: the text is not its author's to send. */
const COMMENTS = "@secretlint/secretlint-rule-filter-comments";

const CONFIG = {
  rules: rules
    .filter(({ meta }) => meta.id !== COMMENTS)
    .map((rule) => ({ id: rule.meta.id, rule, options: {} })),
};

/** The secrets in a text, in the order of their places. Those that overlap are one, of the longest's kind. */
export async function findSecrets(text: string): Promise<readonly FoundSecret[]> {
  const { messages } = await lintSource({
    source: { filePath: "prompt.txt", ext: ".txt", content: text, contentType: "text" },
    options: { config: CONFIG, maskSecrets: true, noPhysicFilePath: true },
  });
  const found = messages.map(({ range: [start, end], message }) => ({ start, end, kind: kindIn(message) }));
  for (const { kind, pattern } of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const value = match.groups === undefined ? match[0] : match.groups["secret"];
      if (value === undefined) continue;
      const start = match.index + match[0].lastIndexOf(value);
      found.push({ start, end: start + value.length, kind });
    }
  }
  return united(found);
}

/** A text with each secret replaced by what it was: `[removed: GitHub Token]`. */
export function blankOut(text: string, secrets: readonly FoundSecret[]): string {
  let at = 0;
  const parts = secrets.map(({ start, end, kind }) => {
    const before = text.slice(at, start);
    at = end;
    return `${before}[removed: ${kind}]`;
  });
  return parts.join("") + text.slice(at);
}

/** The rules' messages are “found {kind}: {value}”. */
function kindIn(message: string): string {
  return /^found ([^:(]+)/.exec(message)?.[1]?.trim() ?? "secret";
}

function united(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const all: FoundSecret[] = [];
  let longest = 0;
  for (const secret of found.toSorted((a, b) => a.start - b.start)) {
    const length = secret.end - secret.start;
    const last = all.at(-1);
    if (last === undefined || secret.start >= last.end) {
      all.push(secret);
      longest = length;
      continue;
    }
    const kind = length > longest ? secret.kind : last.kind;
    all[all.length - 1] = { start: last.start, end: Math.max(last.end, secret.end), kind };
    longest = Math.max(longest, length);
  }
  return all;
}
