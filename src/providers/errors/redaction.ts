import { maskKeyLike } from "../../base/keyLike.ts";

/** Replaces a key in a text. */
const MASK = "[key]";

/** Shorter keys, such as the "none" of a local server, are common words. */
const MIN_EXACT_CHARACTERS = 4;
/** A piece of this many letters and digits of a key is masked. Vendors show up to four. */
const PIECE = 8;
/** So many letters and digits of a key's start and end, on both sides of a mask together, are masked. */
const MIN_AROUND_MASK = 4;
/** A longer start or end is masked as a piece. */
const MAX_AROUND_MASK = 16;
/** What stands for the hidden middle of a key, or a run of letters and digits. */
const MASK_OR_RUN =
  /([*•●·…‥#█■×]+|\.{2,}|x{3,}|[[({<]\s*(?:redacted|hidden|masked|removed|snip(?:ped)?|truncated)\s*[\])}>])|(?:(?!x{3})[a-z\d])+/gi;

/** JSON's and HTML's escapes, and percent-encoding. */
const ESCAPE = /\\u([\da-f]{4})|%([\da-f]{2})|&#x([\da-f]{1,6});|&#(\d{1,7});|\\(["\\/bfnrt])/gi;
/** A text may have been escaped this many times. */
const MAX_ESCAPED = 3;
/** Longer texts are cut first. */
const MAX_CHARACTERS = 16_384;

/**
 * Removes a provider's key from what the provider returns. It finds the whole key and each piece of eight letters and
 * digits of it, also in another case, with anything but letters and digits in between, in base64 and hex, and escaped
 * for JSON, HTML or a URL; and its start and end around a mask ("sk-abc…xyz"). It also removes what looks like a key.
 */
export class Redaction {
  readonly #key: string | undefined;
  /** The key's letters and digits. */
  readonly #letters: string;
  #pieces: Pieces | undefined;

  /** @param key undefined if the provider has none */
  constructor(key: string | undefined) {
    this.#key = key === undefined || key.length < MIN_EXACT_CHARACTERS ? undefined : key;
    this.#letters = readLetters(this.#key ?? "").letters;
  }

  /** The text without keys, cut after 16,384 characters. */
  redact(text: string): string {
    const cut = text.slice(0, MAX_CHARACTERS);
    let redacted = "";
    let end = 0;
    for (const [from, to] of this.#keysIn(cut)) {
      redacted += cut.slice(end, from) + MASK;
      end = to;
    }
    redacted += cut.slice(end);
    return maskKeyLike(redacted, MASK);
  }

  /** Whether a text contains the key in any of its shapes. */
  isIn(text: string): boolean {
    return this.#keysIn(text).length > 0;
  }

  /** The ranges that contain the key, in order and without overlaps. */
  #keysIn(text: string): readonly Range[] {
    const key = this.#key;
    if (key === undefined) return [];
    const found: Range[] = [];
    for (let at = text.indexOf(key); at >= 0; at = text.indexOf(key, at + key.length)) {
      found.push([at, at + key.length]);
    }
    if (this.#letters.length >= PIECE) {
      let view: View = { text, sourceOf: (index) => index };
      for (let times = 0; times <= MAX_ESCAPED; times++) {
        this.#addPieces(view, found);
        const next = unescaped(view);
        if (next === undefined) break;
        view = next;
      }
    }
    return merged(found);
  }

  #addPieces({ text, sourceOf }: View, found: Range[]): void {
    this.#pieces ??= new Pieces(this.#key ?? "");
    const { letters, indexes, masks } = readLetters(text);
    /** The range of some letters, in the source. */
    const range = (from: number, to: number): Range => [
      sourceOf(indexes[from] ?? 0),
      sourceOf((indexes[to - 1] ?? 0) + 1),
    ];
    for (let at = 0; at + PIECE <= letters.length; at++) {
      if (this.#pieces.isAt(letters, at)) found.push(range(at, at + PIECE));
    }
    for (const mask of masks) {
      const start = this.#startBefore(letters, mask.at);
      const end = this.#endAfter(letters, mask.at);
      if (start + end < MIN_AROUND_MASK) continue;
      const [from] = start > 0 ? range(mask.at - start, mask.at) : [sourceOf(mask.from)];
      const [, to] = end > 0 ? range(mask.at, mask.at + end) : [0, sourceOf(mask.to)];
      found.push([from, to]);
    }
  }

  /** How many letters of the key's start there are before a position. */
  #startBefore(letters: string, at: number): number {
    for (let length = Math.min(MAX_AROUND_MASK, at); length > 0; length--) {
      if (letters.slice(at - length, at) === this.#letters.slice(0, length)) return length;
    }
    return 0;
  }

  /** How many letters of the key's end there are after a position. */
  #endAfter(letters: string, at: number): number {
    for (let length = Math.min(MAX_AROUND_MASK, letters.length - at); length > 0; length--) {
      if (letters.slice(at, at + length) === this.#letters.slice(-length)) return length;
    }
    return 0;
  }
}

type Range = readonly [from: number, to: number];

/** A text with its escapes replaced. `sourceOf` returns the index, in the original text, of one of its characters. */
type View = { readonly text: string; readonly sourceOf: (index: number) => number };

/** The view with its escapes replaced; undefined if it has none. */
function unescaped({ text, sourceOf }: View): View | undefined {
  const indexes: number[] = [];
  let result = "";
  let end = 0;
  const copyUntil = (index: number): void => {
    result += text.slice(end, index);
    while (end < index) indexes.push(end++);
  };
  for (const match of text.matchAll(ESCAPE)) {
    copyUntil(match.index);
    // Each escape becomes one character: none that a key contains needs two.
    const [all, json, percent, hex, decimal, short = ""] = match;
    const code = json ?? percent ?? hex;
    if (code !== undefined) result += String.fromCharCode(Number.parseInt(code, 16));
    else if (decimal !== undefined) result += String.fromCharCode(Number(decimal));
    else result += /[a-z]/i.test(short) ? " " : short;
    indexes.push(end);
    end += all.length;
  }
  if (end === 0) return undefined;
  copyUntil(text.length);
  return { text: result, sourceOf: (index) => sourceOf(indexes[index] ?? text.length) };
}

/** Letters and digits of a text in lower case, the index of each, and the masks: `at` is the number of letters before. */
function readLetters(text: string): {
  readonly letters: string;
  readonly indexes: Uint32Array;
  readonly masks: readonly { readonly at: number; readonly from: number; readonly to: number }[];
} {
  const runs: string[] = [];
  const indexes = new Uint32Array(text.length);
  let count = 0;
  const masks: { readonly at: number; readonly from: number; readonly to: number }[] = [];
  for (const match of text.matchAll(MASK_OR_RUN)) {
    const [all, mask] = match;
    if (mask !== undefined) {
      masks.push({ at: count, from: match.index, to: match.index + mask.length });
      continue;
    }
    runs.push(all);
    for (let index = match.index; index < match.index + all.length; index++) indexes[count++] = index;
  }
  return { letters: runs.join("").toLowerCase(), indexes, masks };
}

/**
 * All pieces of a key, of its base64 at each of the three alignments, and of its hex digits. Few places of a text begin
 * with three letters of a piece, and only those are compared: an image in an answer has millions of letters.
 */
class Pieces {
  readonly #pieces: ReadonlySet<string>;
  readonly #starts = new Uint8Array(36 ** 3);

  constructor(key: string) {
    this.#pieces = piecesOf(key);
    for (const piece of this.#pieces) this.#starts[startAt(piece, 0)] = 1;
  }

  /** Whether one of them is at a position of a text, which has letters and digits in lower case only. */
  isAt(letters: string, at: number): boolean {
    return this.#starts[startAt(letters, at)] === 1 && this.#pieces.has(letters.slice(at, at + PIECE));
  }
}

/** A number for the three letters or digits at a position. */
function startAt(letters: string, at: number): number {
  return (digitAt(letters, at) * 36 + digitAt(letters, at + 1)) * 36 + digitAt(letters, at + 2);
}

/** The value of a digit to base 36. */
function digitAt(letters: string, at: number): number {
  const code = letters.charCodeAt(at);
  return code < 0x61 ? code - 0x30 : code - 0x57;
}

function piecesOf(key: string): ReadonlySet<string> {
  const bytes = Buffer.from(key);
  const base64 = [0, 1, 2].map((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes]).toString("base64");
    // Without the characters that also depend on the bytes before and after the key.
    return encoded.slice(Math.ceil((before * 8) / 6), Math.floor(((before + bytes.length) * 8) / 6));
  });
  const pieces = new Set<string>();
  for (const form of [key, ...base64, bytes.toString("hex")]) {
    const { letters } = readLetters(form);
    for (let at = 0; at + PIECE <= letters.length; at++) pieces.add(letters.slice(at, at + PIECE));
  }
  return pieces;
}

function merged(ranges: readonly Range[]): readonly Range[] {
  const result: [number, number][] = [];
  for (const [from, to] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = result.at(-1);
    if (last !== undefined && from <= last[1]) last[1] = Math.max(last[1], to);
    else result.push([from, to]);
  }
  return result;
}
