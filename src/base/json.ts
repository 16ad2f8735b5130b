/**
 * The deepest nesting of arrays and objects that is parsed. Far deeper than any schema, and far below the depth at which
 * recursive code, such as `JSON.stringify`, overflows the stack.
 */
export const MAX_JSON_DEPTH = 500;

const BYTE_ORDER_MARK = 0xfeff;
const BACKSLASH = 0x5c;
const QUOTE = 0x22;
const COMMA = 0x2c;
const [LIST, LIST_END, OBJECT, OBJECT_END] = [0x5b, 0x5d, 0x7b, 0x7d];

/** JSON that is nested deeper than `MAX_JSON_DEPTH`. */
export class JsonTooDeep extends SyntaxError {
  /** The member of the outermost object that is nested too deep. */
  readonly member: string | undefined;

  constructor(member: string | undefined) {
    super(`It is nested more than ${MAX_JSON_DEPTH} levels deep`);
    this.name = "JsonTooDeep";
    this.member = member;
  }
}

/** JSON with more values than its reader takes. */
export class JsonTooManyValues extends SyntaxError {
  constructor(maxValues: number) {
    super(`It has more than ${maxValues} values`);
    this.name = "JsonTooManyValues";
  }
}

/**
 * Parses JSON of bounded depth from outside of the program. A byte order mark is skipped.
 * @param maxValues the most values in its lists and objects. A million take about 100 ms to parse, and block the program
 * @throws SyntaxError if the text is not JSON, JsonTooDeep, and JsonTooManyValues
 */
export function parseBoundedJson(text: string, maxValues: number = Number.POSITIVE_INFINITY): unknown {
  const json = text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text;
  assertBounds(json, maxValues);
  return JSON.parse(json);
}

/**
 * Skips strings by searching for their ends, because most of a prompt is in strings.
 * @throws JsonTooDeep, JsonTooManyValues
 */
function assertBounds(json: string, maxValues: number): void {
  // Such a text, as most events of a stream are, has no room for more brackets.
  if (json.length <= MAX_JSON_DEPTH) return;
  let depth = 0;
  // Each value but the first of a list or object follows a comma.
  let values = 0;
  let member: string | undefined;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      const end = endOfJsonString(json, at);
      // In an object, the last string before a value's brackets is its name.
      if (depth === 1) member = json.slice(at + 1, end - 1);
      at = end - 1;
    } else if (code === LIST || code === OBJECT) {
      depth += 1;
      values += 1;
      if (depth > MAX_JSON_DEPTH) throw new JsonTooDeep(member);
    } else if (code === LIST_END || code === OBJECT_END) depth -= 1;
    else if (code === COMMA) values += 1;
    if (values > maxValues) throw new JsonTooManyValues(maxValues);
  }
}

/**
 * The index after the closing quote of a string, which is the first quote after an even number of backslashes.
 * @param start the index of the opening quote
 */
export function endOfJsonString(json: string, start: number): number {
  for (let quote = json.indexOf('"', start + 1); quote >= 0; quote = json.indexOf('"', quote + 1)) {
    let from = quote;
    while (json.charCodeAt(from - 1) === BACKSLASH) from -= 1;
    if ((quote - from) % 2 === 0) return quote + 1;
  }
  return json.length;
}
