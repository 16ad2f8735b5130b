import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inProject } from "../../scripts/project.ts";
import { codeSpansIn, documentAt, tableRowsIn } from "./documents.ts";

/** Stands for everything that a message fills in. */
const FILLED_IN = "◇";

function sourceOf(pattern: string): string {
  return globSync(pattern, { cwd: inProject() })
    .filter((file) => !/\.test\.tsx?$/.test(file))
    .map((file) => readFileSync(inProject(file), "utf8"))
    .join("\n");
}

/** Source code as the text of its messages: texts that are joined are one, and what is filled in is one character. */
function textOf(source: string): string {
  let text = source.replaceAll("\\u00a0", " ").replaceAll(/["'`] \+\s*["'`]/g, "");
  for (let before = ""; before !== text; ) {
    before = text;
    // The innermost first: a template may contain others.
    text = text.replaceAll(/\$\{[^{}]*\}/g, FILLED_IN);
  }
  return messageText(text);
}

/** A message as l10n and the documents write it. */
function messageText(text: string): string {
  return text.replaceAll(/\{\w+\}/g, FILLED_IN);
}

const { text } = documentAt("docs/troubleshooting.md");
const quoted = tableRowsIn(text).flatMap(([message = ""]) => codeSpansIn(message).map(messageText));

/** The body of a function, up to the first line that closes it. */
function bodyOf(name: string, source: string): string {
  return new RegExp(`function ${name}\\([\\s\\S]*?\\n\\}`).exec(source)?.[0] ?? "";
}

/** The messages that a pattern finds; its last group is the message. */
function messagesIn(source: string, pattern: RegExp): readonly string[] {
  return [...source.matchAll(pattern)].map((match) => textOf(match.at(-1) ?? "").trim());
}

const LOCALIZED = /l10n\.t\(\s*"((?:[^"\\]|\\.)*)"/g;

const explain = sourceOf("src/explain/**/*.ts");
const webview = sourceOf("src/webview/**/*.tsx");

const groups: Readonly<Record<string, readonly string[]>> = {
  "titles of failures": messagesIn(bodyOf("failureTitle", explain), LOCALIZED),
  "reasons for skipping a model": [
    "describeSkipped",
    "describeOpenBreaker",
    "describeQuality",
    "describeMissing",
  ].flatMap((name) => messagesIn(bodyOf(name, explain), LOCALIZED)),
  "titles of prompts that are not sent": ["noModelTitle", "overBudgetTitle"].flatMap((name) =>
    messagesIn(bodyOf(name, explain + webview), LOCALIZED),
  ),
  "notes below answers": [
    "describeBrokenAnswer",
    "describeStoppedAnswer",
    "describeOutputLimit",
    "NotesAfter",
  ]
    .flatMap((name) => messagesIn(bodyOf(name, explain + webview), LOCALIZED))
    .filter((message) => message.endsWith(".")),
  "notes about fallbacks": messagesIn(bodyOf("describeFallback", explain), LOCALIZED).filter((message) =>
    message.endsWith("answered."),
  ),
  "messages about failures that are not the provider's": messagesIn(
    sourceOf("src/providers/**/*.ts"),
    /(?:failureOf\(\s*[\w.#]+,\s*"[\w-]+",\s*|malformed\(|(?:message|excess) (?:=|\?\?)\s*)(["`])([^\n]*?)\1/g,
  ).filter((message) => /[a-z]{3} /.test(message)),
  "notes in the status bar": messagesIn(sourceOf("src/editor/statusBar/tooltip.ts"), LOCALIZED).filter(
    (message) => message.endsWith("."),
  ),
  "notifications of the editor": messagesIn(
    sourceOf("src/{editor/**/*,extension}.ts"),
    /show(?:Error|Warning|Information)Message\([\s\S]{0,40}?l10n\.t\(\s*"((?:[^"\\]|\\.)*)"/g,
  ),
  "problems in settings": messagesIn(
    sourceOf("src/settings/{checks,problems,read}.ts"),
    /message(?::|\s=)\s*(["`])([^\n]*?)\1[,;\s]/g,
  ).filter((message) => message !== ""),
  "usage errors of the command line": messagesIn(
    sourceOf("src/cli/**/*.ts"),
    /new UsageError\(\s*(["`])([\s\S]*?)\1\s*[,)]/g,
  ).filter((message) => /[a-z]{3}/.test(message)),
  "errors of the server": messagesIn(sourceOf("src/server/*.ts"), /message:\s*(["`])([^\n]*?)\1,/g),
};

describe("docs/troubleshooting.md", () => {
  it("quotes only messages that the product has", () => {
    const product = textOf(sourceOf("src/**/*.{ts,tsx}"));
    expect(quoted.length).toBeGreaterThan(100);
    expect(quoted.filter((message) => !product.includes(message))).toEqual([]);
  });

  it.each(Object.entries(groups))("explains all %s", (_group, messages) => {
    expect(messages.length).toBeGreaterThan(1);
    const isExplained = (message: string) =>
      quoted.some((each) => each === message || message.startsWith(each) || each.startsWith(message));
    expect(messages.filter((message) => !isExplained(message))).toEqual([]);
  });
});
