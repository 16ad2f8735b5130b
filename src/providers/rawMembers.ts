const COLON = 0x3a;
const COMMA = 0x2c;
const QUOTE = 0x22;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];
const SPACE = /\s*/y;
const PRIMITIVE = /[^\s,}\]]*/y;

/**
 * The values of a JSON object's members by their names, as they are written; undefined where an object in it has a name
 * twice, since what was parsed, and counted, is then not all that is written. Strings, nearly all of a prompt, are gone
 * over by searching for their ends.
 * @param value what `text` was parsed to
 */
export function rawMembers(
  text: string,
  value: Readonly<Record<string, unknown>>,
): ReadonlyMap<string, string> | undefined {
  const members = new Map<string, string>();
  let written = 0;
  for (let at = behindSpace(text, behindSpace(text, 0) + 1); text.charCodeAt(at) === QUOTE; ) {
    const nameEnd = endOfString(text, at);
    const start = behindSpace(text, behindSpace(text, nameEnd) + 1);
    const { end, colons } = endOfValue(text, start);
    written += 1 + colons;
    members.set(String(JSON.parse(text.slice(at, nameEnd))), text.slice(start, end));
    at = behindSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = behindSpace(text, at + 1);
  }
  return written === membersIn(value) ? members : undefined;
}

/** Of a value, and of all in it. */
function membersIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  const inner = Object.values(value);
  return inner.reduce<number>((sum, each) => sum + membersIn(each), Array.isArray(value) ? 0 : inner.length);
}

/** Where a value ends, and how many colons are in it outside of strings: each is a member's. */
function endOfValue(text: string, start: number): { readonly end: number; readonly colons: number } {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return { end: endOfString(text, start), colons: 0 };
  if (!OPENING.includes(first)) return { end: endOf(PRIMITIVE, text, start), colons: 0 };
  let depth = 0;
  let colons = 0;
  for (let at = start; ; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    if (OPENING.includes(code)) depth += 1;
    else if (CLOSING.includes(code)) depth -= 1;
    else if (code === COLON) colons += 1;
    at += 1;
    if (depth === 0) return { end: at, colons };
  }
}

/** Behind the quote that ends it: the first that is not escaped, behind an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let from = quote;
    while (text[from - 1] === "\\") from -= 1;
    if ((quote - from) % 2 === 0) return quote + 1;
  }
}

function behindSpace(text: string, at: number): number {
  return endOf(SPACE, text, at);
}

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  pattern.exec(text);
  return pattern.lastIndex;
}
