/**
 * The user's own words in a prompt: without fenced code, diffs, stack traces, messages of compilers, log lines, long
 * quotes and blocks in tags. What is pasted counts towards the length of a prompt, but it is not what the user asks.
 *
 * It is read line by line, and most lines are tested once: 128 kB of lines without anything pasted take 0.2 ms
 * (`npm run bench decide`).
 */

/** Tags that do not match each other are looked for no more often, so that the time stays linear. */
const MAX_UNMATCHED_TAGS = 10;

/** A quote of fewer lines and characters may be what the prompt is about. */
const MIN_QUOTED_LINES = 3;
const MIN_QUOTED_CHARACTERS = 200;

/** Tags in which agents put what their users wrote. */
const USER_TAGS: ReadonlySet<string> = new Set([
  "task",
  "user_query",
  "user_message",
  "user_request",
  "userRequest",
  "query",
  "question",
  "request",
  "prompt",
  "instructions",
]);

const MAX_FENCE_INDENT = 3;
const FENCE = /`{3,}(?=[^`\n]*(?:\n|$))|~{3,}/y;
const HUNK = /@@ -\d+(?:,(\d+))? \+\d+(?:,(\d+))? @@/y;
const OPENING_TAG = /<([a-z][\w:.-]{0,60})(?:\s[^<>]{0,500})?>/iy;
const CLOSING_TAG = /<\/([a-z][\w:.-]{0,60})\s*>/gi;

/** A line that a program wrote. Every alternative fails at the first characters of most lines of prose. */
const PROGRAM_LINE = anyOf(
  // Diffs.
  "diff --git ",
  "index [\\da-f]{7,}\\.\\.",
  '(?:---|\\+\\+\\+) [ab"/]\\S',
  // Stack traces of JavaScript, Java, Python, Go and Rust.
  "at \\S{1,300} \\(\\S{1,300}:\\d",
  "Traceback \\(most recent",
  "(?:Caused by|Exception in thread|goroutine \\d+ \\[|panic:|thread '[^'\\n]{1,80}' panicked)[^\\n]",
  "(?:Uncaught |Unhandled )?(?:[A-Za-z]\\w{0,60}\\.){0,8}(?:[A-Z]\\w{0,60})?(?:Error|Exception)(?: \\[\\w{1,60}\\])?: ",
  // Messages of compilers, linters and package managers.
  "(?:[A-Z]:)?[\\w./@\\\\-]{1,300}\\.[A-Za-z]{1,5}(?::\\d+:\\d+[: )]|:\\d+:[ i]|\\(\\d+,\\d+\\):)",
  "(?:error|warning)(?:\\[\\w{1,20}\\]|(?: TS\\d+)): ",
  "npm (?:ERR!|error|WARN|warn) ",
  // Log lines: a time, or a level.
  "[[(]?\\d{4}-\\d\\d-\\d\\d[T ,]\\d\\d:\\d\\d",
  "[[(]?\\d{4}/\\d\\d/\\d\\d \\d\\d:\\d\\d",
  "[[(]?\\d\\d:\\d\\d:\\d\\d",
  "[A-Z][a-z]{2} [ \\d]\\d \\d\\d:\\d\\d:\\d\\d ",
  "\\d{1,3}(?:\\.\\d{1,3}){3} \\S+ \\S+ \\[",
  "\\[(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|trace|debug|info|warn|warning|error|fatal)\\]",
  "(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL|SEVERE)(?::|\\s*[|\\[]|\\s+[\\w.]{1,80}(?:\\s-|:) )",
  '\\{"(?:level|time|timestamp|ts|msg|severity|@timestamp)":',
);

/** The same for what follows the white space of an indented line: frames of stack traces. */
const INDENTED_PROGRAM_LINE = anyOf(
  "at \\S[^\\n]{0,300}?[(:]\\S",
  'File "[^"\\n]{1,300}", line \\d',
  "\\.\\.\\. \\d+ more",
  "\\d+: 0x",
  "from \\S{1,300}:\\d",
  "--> \\S{1,300}:\\d+",
);

function anyOf(...patterns: readonly string[]): RegExp {
  return new RegExp(patterns.join("|"), "y");
}

/** The words that the user wrote in a prompt. Returns the same text if nothing is pasted. */
export function ownWordsIn(text: string): string {
  return new PromptLines(textInUserTag(text) ?? text).ownWords();
}

/** What the last tag for the user's words contains, if there is one that begins a line. */
function textInUserTag(text: string): string | undefined {
  if (!text.includes("</")) return undefined;
  for (const name of USER_TAGS) {
    const end = text.lastIndexOf(`</${name}>`);
    const start = end < 0 ? -1 : text.lastIndexOf(`<${name}>`, end);
    if (start < 0 || (start > 0 && text[start - 1] !== "\n")) continue;
    return text.slice(start + name.length + 2, end);
  }
  return undefined;
}

/** The lines of a text, from which those that were pasted are taken out. */
class PromptLines {
  readonly #text: string;
  readonly #kept: string[] = [];
  /** Where the part begins that is kept next. */
  #from = 0;
  #lastClosing: Map<string, number> | undefined;
  #unmatchedTags = 0;

  constructor(text: string) {
    this.#text = text;
  }

  ownWords(): string {
    const text = this.#text;
    let isProgram = false;
    for (let at = 0, end = 0; at < text.length; at = end) {
      end = this.#lineEnd(at);
      const start = this.#indentEnd(at);
      // A line that is indented below a line of a program belongs to it.
      isProgram =
        start > at
          ? (isProgram && start + 1 < end) || matchesAt(INDENTED_PROGRAM_LINE, text, start)
          : matchesAt(PROGRAM_LINE, text, at);
      const pastedEnd = isProgram ? end : this.#blockEnd(at, start);
      if (pastedEnd === undefined) continue;
      this.#takeOut(at, pastedEnd);
      end = pastedEnd;
    }
    if (this.#from === 0) return text;
    this.#kept.push(text.slice(this.#from));
    return this.#kept.join("").trim();
  }

  #takeOut(start: number, end: number): void {
    if (start > this.#from) this.#kept.push(this.#text.slice(this.#from, start));
    this.#from = end;
  }

  /** The end of the fence, hunk, quote or tag that begins with a line. @param start the end of the line's indent */
  #blockEnd(at: number, start: number): number | undefined {
    switch (this.#text[start]) {
      case "`":
      case "~":
        return start - at > MAX_FENCE_INDENT ? undefined : this.#fenceEnd(start);
      case "@":
        return this.#hunkEnd(at);
      case ">":
        return this.#quoteEnd(at);
      case "<":
        return this.#tagEnd(start);
      default:
        return undefined;
    }
  }

  /** A fence that is not closed ends with the text. */
  #fenceEnd(at: number): number | undefined {
    FENCE.lastIndex = at;
    const fence = FENCE.exec(this.#text)?.[0];
    if (fence === undefined) return undefined;
    const closing = new RegExp(`^ {0,3}${fence}${fence.charAt(0)}*[ \\t\\r]*$`, "gm");
    closing.lastIndex = this.#lineEnd(at);
    const closed = closing.exec(this.#text);
    return closed === null ? this.#text.length : this.#lineEnd(closed.index);
  }

  /** The numbers of a hunk's header are the lines that it has. A blank line may have lost its space. */
  #hunkEnd(at: number): number | undefined {
    HUNK.lastIndex = at;
    const header = HUNK.exec(this.#text);
    if (header === null) return undefined;
    let [before, after] = [Number(header[1] ?? 1), Number(header[2] ?? 1)];
    let end = this.#lineEnd(at);
    while (end < this.#text.length && (before > 0 || after > 0)) {
      const sign = this.#text.charAt(end);
      if (!" +-\\\r\n".includes(sign)) break;
      if (sign !== "+" && sign !== "\\") before -= 1;
      if (sign !== "-" && sign !== "\\") after -= 1;
      end = this.#lineEnd(end);
    }
    return end;
  }

  #quoteEnd(at: number): number | undefined {
    let end = at;
    let lines = 0;
    for (; this.#text[end] === ">"; lines += 1) end = this.#lineEnd(end);
    return lines >= MIN_QUOTED_LINES || end - at >= MIN_QUOTED_CHARACTERS ? end : undefined;
  }

  #tagEnd(at: number): number | undefined {
    if (this.#unmatchedTags > MAX_UNMATCHED_TAGS) return undefined;
    OPENING_TAG.lastIndex = at;
    const name = OPENING_TAG.exec(this.#text)?.[1];
    if (name === undefined) return undefined;
    this.#lastClosing ??= lastClosingTags(this.#text);
    if ((this.#lastClosing.get(name) ?? -1) < at) return undefined;
    const tag = new RegExp(`<(/?)${name.replaceAll(".", "\\.")}(?=[\\s>])[^<>]{0,500}>`, "g");
    tag.lastIndex = at;
    for (let depth = 0, found = tag.exec(this.#text); found !== null; found = tag.exec(this.#text)) {
      depth += found[1] === "/" ? -1 : 1;
      if (depth === 0) return tag.lastIndex;
    }
    this.#lastClosing.delete(name);
    this.#unmatchedTags += 1;
    return undefined;
  }

  /** Where the white space at the beginning of a line ends. */
  #indentEnd(at: number): number {
    let end = at;
    while (this.#text[end] === " " || this.#text[end] === "\t") end += 1;
    return this.#text[end] === "\r" ? end + 1 : end;
  }

  #lineEnd(at: number): number {
    const end = this.#text.indexOf("\n", at);
    return end < 0 ? this.#text.length : end + 1;
  }
}

function matchesAt(pattern: RegExp, text: string, at: number): boolean {
  pattern.lastIndex = at;
  return pattern.test(text);
}

/** Where each closing tag occurs for the last time, so that tags that are never closed cost nothing. */
function lastClosingTags(text: string): Map<string, number> {
  const last = new Map<string, number>();
  for (const { 1: name = "", index } of text.matchAll(CLOSING_TAG)) last.set(name, index);
  return last;
}
