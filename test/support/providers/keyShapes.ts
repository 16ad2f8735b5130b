import fc from "fast-check";

const ALPHABET = [..."abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"];

/** Keys as vendors make them, and of servers whose keys are any text. */
export const someKey: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("sk-", "sk-proj-", "sk-ant-api03-", "AIza", "gsk_", "xai-", "", "", "p%41/+="),
    fc.array(fc.constantFrom(...ALPHABET, "-", "_"), { minLength: 24, maxLength: 80 }),
  )
  .map(([prefix, rest]) => prefix + rest.join(""))
  .filter((key) => !/x{3}/i.test(key) && key.replaceAll(/[^a-z\d]/gi, "").length >= 24);

/** Inserts a text after every few characters. */
function split(key: string, every: number, separator: string): string {
  return (key.match(new RegExp(`.{1,${every}}`, "g")) ?? []).join(separator);
}

const asJson = (text: string): string => JSON.stringify(text).slice(1, -1);
const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** The shapes in which a server may show a key. */
export const KEY_SHAPES: Readonly<Record<string, (key: string, n: number) => string>> = {
  whole: (key) => key,
  "in capitals": (key) => key.toUpperCase(),
  "split by blanks": (key, n) => split(key, (n % 20) + 3, " "),
  "split by newlines": (key, n) => split(key, (n % 20) + 3, "\n"),
  "split by escaped newlines": (key, n) => split(key, (n % 20) + 3, "\\n"),
  "split by zero-width characters": (key, n) => split(key, (n % 20) + 3, "\u200b"),
  "split by quotes": (key, n) => split(key, (n % 20) + 3, '" + "'),
  "cut after its beginning": (key) => key.slice(0, -8),
  "without its beginning": (key) => key.slice(8),
  "masked by stars": (key, n) => `${key.slice(0, 6 + (n % 6))}********${key.slice(-4)}`,
  "masked by an ellipsis": (key) => `${key.slice(0, 9)}…${key.slice(-3)}`,
  "masked by dots": (key) => `${key.slice(0, 9)}...${key.slice(-4)}`,
  "masked by letters": (key) => `${key.slice(0, 9)}xxxxxxxxxxxx${key.slice(-4)}`,
  "masked by a word": (key) => `${key.slice(0, 9)}[REDACTED]${key.slice(-4)}`,
  "in base64": (key, n) => base64("x".repeat(n % 3) + key + "yz".repeat(n % 2)),
  "in base64 for URLs": (key, n) => Buffer.from("u".repeat(n % 3) + key).toString("base64url"),
  "in base64 with newlines": (key, n) => split(base64("u".repeat(n % 3) + key), 19, "\n"),
  "in hex": (key) => Buffer.from(key).toString("hex"),
  "percent-encoded": (key) => key.replaceAll(/./g, (char) => `%${char.charCodeAt(0).toString(16)}`),
  "percent-encoded in part": (key) => encodeURIComponent(key).replaceAll("-", "%2D"),
  "percent-encoded twice": (key) =>
    encodeURIComponent(key.replaceAll(/[a-m]/g, (char) => `%${char.charCodeAt(0).toString(16)}`)),
  "in escapes of JSON": (key) =>
    key.replaceAll(/./g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "in escapes of HTML": (key) => key.replaceAll(/./g, (char) => `&#${char.charCodeAt(0)};`),
  "in JSON inside of JSON": (key) => asJson(JSON.stringify({ key: split(key, 11, "\n") })),
};

/** The length of a piece that counts as shown. Ids in hex are too often alike for the same length. */
const PIECE = 8;
const HEX_PIECE = 16;

/**
 * The pieces of eight letters and digits of some keys, also in base64, and of eight bytes in hex, that a text shows: as
 * it is, or after its escapes are replaced up to three times.
 */
export function shownPieces(text: string, keys: readonly string[]): readonly string[] {
  const pieces = new Set<string>();
  const add = (form: string, length: number): void => {
    forEachPiece(form, length, (piece) => pieces.add(piece));
  };
  for (const key of keys) {
    add(key, PIECE);
    for (const n of [0, 1, 2]) add(base64("x".repeat(n) + key).slice(2, -4), PIECE);
    add(Buffer.from(key).toString("hex"), HEX_PIECE);
  }
  const shown = new Set<string>();
  let view = text;
  for (let times = 0; times <= 3; times++) {
    for (const length of [PIECE, HEX_PIECE]) {
      forEachPiece(view, length, (piece) => void (pieces.has(piece) && shown.add(piece)));
    }
    const next = decoded(view);
    if (next === view) break;
    view = next;
  }
  return [...shown];
}

function forEachPiece(text: string, length: number, use: (piece: string) => void): void {
  const letters = text.replaceAll(/[^a-z\d]+/gi, "").toLowerCase();
  for (let at = 0; at + length <= letters.length; at++) use(letters.slice(at, at + length));
}

function decoded(text: string): string {
  const char = (_: string, code: string): string => String.fromCharCode(Number.parseInt(code, 16));
  return text
    .replaceAll(/\\u([\da-f]{4})/gi, char)
    .replaceAll(/%([\da-f]{2})/gi, char)
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)))
    .replaceAll(/\\[nrt]/g, " ")
    .replaceAll(/\\(.)/g, "$1");
}
