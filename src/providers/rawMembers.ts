const COMMA = 0x2c;
const QUOTE = 0x22;
const OPENING = [0x5b, 0x7b];
const CLOSING = [0x5d, 0x7d];
const SPACE = /\s*/y;
const PRIMITIVE = /[^\s,}\]]*/y;

/**
 * The values of a JSON object's members by their names, as they are written; of a name that comes twice the last, as
 * `JSON.parse` has it. Strings, nearly all of a prompt, are gone over by searching for their ends.
 * @param text a JSON object that was parsed without an error
 */
export function rawMembers(text: string): ReadonlyMap<string, string> {
  const members = new Map<string, string>();
  for (let at = behindSpace(text, behindSpace(text, 0) + 1); text.charCodeAt(at) === QUOTE; ) {
    const nameEnd = endOfString(text, at);
    const start = behindSpace(text, behindSpace(text, nameEnd) + 1);
    const end = endOfValue(text, start);
    members.set(String(JSON.parse(text.slice(at, nameEnd))), text.slice(start, end));
    at = behindSpace(text, end);
    if (text.charCodeAt(at) === COMMA) at = behindSpace(text, at + 1);
  }
  return members;
}

function endOfValue(text: string, start: number): number {
  const first = text.charCodeAt(start);
  if (first === QUOTE) return endOfString(text, start);
  if (!OPENING.includes(first)) return endOf(PRIMITIVE, text, start);
  let depth = 0;
  for (let at = start; ; ) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(text, at);
      continue;
    }
    if (OPENING.includes(code)) depth += 1;
    else if (CLOSING.includes(code)) depth -= 1;
    at += 1;
    if (depth === 0) return at;
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
