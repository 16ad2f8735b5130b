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

/** The secrets in a text, in the order of their places. Where two overlap, the longer one counts. */
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
  return withoutOverlaps(found);
}

/** A text with each secret replaced by what it was: `[removed: GitHub Token]`. */
export function blankOut(text: string, secrets: readonly FoundSecret[]): string {
  return secrets.reduceRight(
    (rest, { start, end, kind }) => `${rest.slice(0, start)}[removed: ${kind}]${rest.slice(end)}`,
    text,
  );
}

/** The rules' messages are “found {kind}: {value}”. */
function kindIn(message: string): string {
  return /^found ([^:(]+)/.exec(message)?.[1]?.trim() ?? "secret";
}

function withoutOverlaps(found: readonly FoundSecret[]): readonly FoundSecret[] {
  const kept: FoundSecret[] = [];
  for (const secret of found.toSorted((a, b) => b.end - b.start - (a.end - a.start))) {
    if (!kept.some(({ start, end }) => secret.start < end && start < secret.end)) kept.push(secret);
  }
  return kept.sort((a, b) => a.start - b.start);
}
