import { isRecord } from "../../base/isRecord.ts";
import { type ToolCall, textOfContent } from "../wire/wireFormat.ts";
import { type Code, codeIn, repaired } from "./code.ts";
import { editAnswer } from "./edits.ts";

/** An answer in pieces, which are sent and counted as tokens. */
export type Answer = { readonly pieces: Iterable<string>; readonly toolCall?: ToolCall };

/** Texts that the next requests get as their answers, in order. */
export class ScriptedAnswers {
  #texts: { readonly text: string; readonly model: string | undefined }[] = [];

  /** `model`: only a request for this model gets the text; undefined: any request. */
  add(text: string, model?: string): void {
    this.#texts.push({ text, model });
  }

  clear(): void {
    this.#texts = [];
  }

  take(model: string): Answer | undefined {
    const index = this.#texts.findIndex((each) => each.model === undefined || each.model === model);
    const [found] = index < 0 ? [] : this.#texts.splice(index, 1);
    return found === undefined ? undefined : { pieces: piecesOf(found.text) };
  }
}

/** Matches a request to resume an answer from its last words, as dispatch/ sends it. */
const RESUME_REQUEST = /\blast words\b[^\n]*:\n\n([\s\S]+)\n\n[^\n]+$/;

/**
 * Answers the last question of a conversation. If the conversation ends with the start of the answer, or with a request
 * to resume the answer from certain words, only the rest is returned, as a model would do it.
 */
export function answerTo(messages: readonly unknown[], model = ""): Answer {
  const texts = messages.flatMap((message) =>
    isRecord(message) ? [{ role: message["role"], text: textOfContent(message["content"]) }] : [],
  );
  const compose = (conversation: typeof texts): Answer => {
    const edit = editAnswer(conversation, model);
    return edit === undefined ? composeAnswer(lastQuestion(conversation)) : { pieces: piecesOf(edit) };
  };
  const last = texts.at(-1);
  if (last?.role === "assistant")
    return restOf(compose(texts), (text) => (text.startsWith(last.text) ? last.text.length : 0));
  const words = RESUME_REQUEST.exec(last?.text ?? "")?.[1];
  if (words === undefined) return compose(texts);
  return restOf(compose(texts.slice(0, -1)), (text) => Math.max(0, text.indexOf(words)));
}

function lastQuestion(texts: readonly { readonly role: unknown; readonly text: string }[]): string {
  return texts.findLast(({ role, text }) => role === "user" && text !== "")?.text ?? "";
}

function restOf({ pieces, ...answer }: Answer, from: (text: string) => number): Answer {
  const text = [...pieces].join("");
  return { ...answer, pieces: piecesOf(text.slice(from(text))) };
}

const NOTICE = "*Simulated answer: no model was involved, and the content is made up.*";
const MAX_TOPIC_CHARACTERS = 80;

/**
 * Composes the answer to a prompt; the same prompt always gets the same answer. A prompt can contain directives:
 * `[tokens: 5000]` sets the number of pieces, and `[call: name {"a": 1}]` asks for a tool call.
 */
function composeAnswer(prompt: string): Answer {
  const call = /\[call:\s*([\w-]+)\s*(\{.*?\})?\]/s.exec(prompt);
  if (call?.[1] !== undefined)
    return { pieces: [], toolCall: { name: call[1], argumentsJson: call[2] ?? "{}" } };
  const text = composeText(prompt);
  const count = /\[tokens:\s*(\d{1,7})\]/.exec(prompt)?.[1];
  return { pieces: count === undefined ? piecesOf(text) : exactPieces(text, Number(count)) };
}

/**
 * Splits a text into pieces of at most seven characters with leading white space.
 * @internal
 */
export function* piecesOf(text: string): Generator<string> {
  for (const [piece] of text.matchAll(/\s*\S{1,7}|\s+/gu)) yield piece;
}

/** Exactly this many pieces: the text is cut, or repeated in parts. */
function* exactPieces(text: string, count: number): Generator<string> {
  let sent = 0;
  for (let part = 1; sent < count; part += 1) {
    for (const piece of piecesOf(part === 1 ? text : `\n\n## Part ${part}\n\n${text}`)) {
      if (sent >= count) return;
      yield piece;
      sent += 1;
    }
  }
}

function composeText(prompt: string): string {
  const code = codeIn(prompt);
  const question = prompt.replaceAll(/^(`{3,})[\s\S]*?^\1.*$/gm, " ").trim();
  const topic = topicOf(question);
  return [
    NOTICE,
    ...(code === undefined ? withoutCode(topic) : aboutCode(topic, intentOf(question), code)),
  ].join("\n\n");
}

function topicOf(question: string): string {
  const line = question
    .replaceAll(/\[[^\]]*\]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim();
  return line.length <= MAX_TOPIC_CHARACTERS ? line : `${line.slice(0, MAX_TOPIC_CHARACTERS).trimEnd()}…`;
}

function aboutCode(topic: string, intent: Intent, code: Code): readonly string[] {
  const lines = code.text.split("\n").length;
  const asked = `You asked about “${topic || intent}”, with ${lines} ${lines === 1 ? "line" : "lines"} of ${code.language}.`;
  const names = namesIn(code.text).map(({ name, line }) => `- \`${name}\`, line ${line}`);
  const parts = (names.length > 0 ? names : ["- statements that run from top to bottom"]).join("\n");
  switch (intent) {
    case "fix":
    case "refactor": {
      const { text, notes } = repaired(code);
      return [
        asked,
        "What changed:",
        notes.map((note) => `- ${note}`).join("\n"),
        fence(code.language, text),
      ];
    }
    case "test":
      return [asked, "A test for each of these:", parts, fence(code.language, testOf(code))];
    case "document":
    case "explain":
    case "ask":
      return [
        asked,
        "It consists of:",
        parts,
        "The most important part is the beginning:",
        fence(code.language, code.text.split("\n").slice(0, 8).join("\n")),
        "Everything after it builds on that.",
      ];
  }
}

function testOf({ language, text }: Code): string {
  const name = namesIn(text)[0]?.name ?? "it";
  return /^py/i.test(language)
    ? `def test_${name}():\n    assert ${name} is not None`
    : `it("defines ${name}", () => {\n  expect(${name}).toBeDefined();\n});`;
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

/** An answer to a prompt without code, with a sample in the language that the prompt mentions. */
function withoutCode(topic: string): readonly string[] {
  const name = nameOf(topic);
  const language = LANGUAGES.find(([pattern]) => pattern.test(topic));
  const sample =
    language === undefined
      ? fence(
          "typescript",
          `export function ${name}(items: readonly string[]): string[] {\n  return [...new Set(items)].sort();\n}`,
        )
      : fence(language[1], language[2](name));
  return [
    topic === ""
      ? "The prompt contains no words."
      : `You asked: “${topic}”. In short, there are three points:`,
    [
      "- **The question**: exactly what the prompt asks, and nothing else.",
      "- **The first step**: the smallest change that you can see working.",
      "- **The edge cases**: empty input, large input, and duplicates.",
    ].join("\n"),
    "In code, a start could be:",
    sample,
    "Add a provider's key to get an answer from a real model.",
  ];
}

/** A function name made of the first words of the topic. */
function nameOf(topic: string): string {
  const words = topic.toLowerCase().match(/[a-z]{3,}/g) ?? [];
  const [first = "answer", ...rest] = words
    .filter((word) => !/^(the|what|how|can|you|please|with|and|for|write)$/.test(word))
    .slice(0, 3);
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("");
}

/** A fenced code block, with more backticks than the code contains. */
function fence(language: string, code: string): string {
  const ticks = "`".repeat(Math.max(3, ...[...code.matchAll(/`{3,}/g)].map(([run]) => run.length + 1)));
  return `${ticks}${language}\n${code}\n${ticks}`;
}

/** What a prompt asks to do with code. */
type Intent = "fix" | "explain" | "test" | "document" | "refactor" | "ask";

const INTENTS: readonly (readonly [Intent, RegExp])[] = [
  ["fix", /\b(fix|repair|debug|bug|mistakes?)\b/i],
  ["test", /\b(write|add|generate)\b.{0,20}\btests?\b/i],
  ["document", /\b(document|doc comments?|docstrings?)\b/i],
  ["refactor", /\b(refactor|clean up|simplify|rename)\b/i],
  ["explain", /\b(explain|what does|how does|describe|summari[sz]e)\b/i],
];

function intentOf(question: string): Intent {
  return INTENTS.find(([, pattern]) => pattern.test(question))?.[0] ?? "ask";
}

/** The first functions, classes and constants in code, with their lines, which count from 1. */
function namesIn(code: string): readonly { readonly name: string; readonly line: number }[] {
  const pattern = /\b(?:function|class|def|fn|func|interface|type|const|struct)\s+\*?\s*([A-Za-z_$][\w$]*)/;
  return code
    .split("\n")
    .flatMap((text, index) => {
      const name = pattern.exec(text)?.[1];
      return name === undefined ? [] : [{ name, line: index + 1 }];
    })
    .slice(0, 6);
}
