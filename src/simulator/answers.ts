import { type GivenCode, givenCode, type Intent, intentOf, namesIn, repaired } from "./codeAnswer.ts";

/** What an answer is made of. `pieces` are the "tokens" that are streamed and counted. */
export type Answer = {
  readonly pieces: Iterable<string>;
  readonly toolCall?: { readonly name: string; readonly argumentsJson: string };
};

const NOTICE = "*Simulated answer: no model was asked, and what follows is made up.*";
const TOPIC_CHARACTERS = 80;

/**
 * Answers a prompt, always the same way. Marks in the prompt steer it: `[tokens: 5000]` gives exactly so many
 * pieces, `[call: name {"a": 1}]` a tool call.
 */
export function composeAnswer(prompt: string): Answer {
  const call = /\[call:\s*([\w-]+)\s*(\{.*?\})?\]/s.exec(prompt);
  if (call?.[1] !== undefined) {
    return { pieces: [], toolCall: { name: call[1], argumentsJson: call[2] ?? "{}" } };
  }
  const text = composeText(prompt);
  const wanted = /\[tokens:\s*(\d{1,7})\]/.exec(prompt)?.[1];
  return { pieces: wanted === undefined ? piecesOf(text) : piecesUpTo(text, Number(wanted)) };
}

/** Cuts a text into pieces of at most seven characters, white space in front; joined, they are the text. */
export function* piecesOf(text: string): Generator<string> {
  for (const [piece] of text.matchAll(/\s*\S{1,7}|\s+/gu)) yield piece;
}

function* piecesUpTo(text: string, wanted: number): Generator<string> {
  let sent = 0;
  for (let part = 1; sent < wanted; part += 1) {
    for (const piece of piecesOf(part === 1 ? text : `\n\n## Part ${part}\n\n${text}`)) {
      if (sent >= wanted) return;
      yield piece;
      sent += 1;
    }
  }
}

function composeText(prompt: string): string {
  const given = givenCode(prompt);
  const words = prompt.replaceAll(/^(`{3,})[\s\S]*?^\1.*$/gm, " ").trim();
  const topic = topicOf(words);
  return [
    NOTICE,
    ...(given === undefined ? withoutCode(topic) : withCode(topic, intentOf(words), given)),
  ].join("\n\n");
}

function topicOf(words: string): string {
  const line = words
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length <= TOPIC_CHARACTERS ? line : `${line.slice(0, TOPIC_CHARACTERS).trimEnd()}…`;
}

function withCode(topic: string, intent: Intent, given: GivenCode): readonly string[] {
  const lines = given.code.split("\n").length;
  const asked = `You asked about “${topic || intent}”, with ${lines} ${lines === 1 ? "line" : "lines"} of ${given.language}.`;
  const names = namesIn(given.code).map(({ name, line }) => `- \`${name}\`, line ${line}`);
  const found = names.length > 0 ? names : ["- statements, run from top to bottom"];
  switch (intent) {
    case "fix":
    case "refactor": {
      const { code, notes } = repaired(given);
      return [
        asked,
        "What changed:",
        notes.map((note) => `- ${note}`).join("\n"),
        fence(given.language, code),
      ];
    }
    case "test":
      return [asked, "A test for each of these:", found.join("\n"), fence(given.language, testOf(given))];
    case "document":
    case "explain":
    case "ask":
      return [
        asked,
        "It consists of:",
        found.join("\n"),
        "The part that matters most is the beginning:",
        fence(given.language, given.code.split("\n").slice(0, 8).join("\n")),
        "Everything behind it builds on that.",
      ];
  }
}

function testOf({ language, code }: GivenCode): string {
  const name = namesIn(code)[0]?.name ?? "it";
  return /^py/i.test(language)
    ? `def test_${name}_keeps_its_promise():\n    assert ${name} is not None`
    : `test("${name} keeps its promise", () => {\n  expect(${name}).toBeDefined();\n});`;
}

const LANGUAGES: readonly (readonly [RegExp, string, (name: string) => string])[] = [
  [
    /\bpython\b/i,
    "python",
    (name) => `def ${name}(items):\n    """Made up."""\n    return sorted(set(items))`,
  ],
  [/\brust\b/i, "rust", (name) => `fn ${name}(items: &[i32]) -> i32 {\n    items.iter().sum()\n}`],
  [/\b(go|golang)\b/i, "go", (name) => `func ${name}(items []string) int {\n\treturn len(items)\n}`],
  [/\b(sql|query|table)\b/i, "sql", () => "SELECT name, count(*) AS times\nFROM events\nGROUP BY name;"],
  [/\b(shell|bash|terminal)\b/i, "bash", (name) => `${name}() {\n  printf '%s\\n' "$@" | sort -u\n}`],
];

function withoutCode(topic: string): readonly string[] {
  const name = nameOf(topic);
  const known = LANGUAGES.find(([pattern]) => pattern.test(topic));
  const sample =
    known === undefined
      ? fence(
          "typescript",
          `export function ${name}(items: readonly string[]): string[] {\n  return [...new Set(items)].sort();\n}`,
        )
      : fence(known[1], known[2](name));
  return [
    topic === ""
      ? "You asked nothing in words."
      : `You asked: “${topic}”. In short, there are three things to it:`,
    [
      "- **What it is about**: the words above, and nothing that they do not say.",
      "- **What to do first**: the smallest step that can be seen to work.",
      "- **What to check**: the empty case, the large case, and the case that comes twice.",
    ].join("\n"),
    "As code, it could begin like this:",
    sample,
    "Set a provider's key to have this answered by a real model.",
  ];
}

function nameOf(topic: string): string {
  const words = topic.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  const [first = "answer", ...rest] = words
    .filter((word) => !/^(the|what|how|can|you|please|with|and|for|write)$/.test(word))
    .slice(0, 3);
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

function fence(language: string, code: string): string {
  const ticks = "`".repeat(Math.max(3, ...[...code.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
  return `${ticks}${language}\n${code}\n${ticks}`;
}
