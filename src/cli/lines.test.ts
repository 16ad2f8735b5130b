import { describe, expect, it } from "vitest";
import { type Line, linesOf } from "./lines.ts";

async function lines(pieces: readonly (string | Uint8Array)[], longest?: number): Promise<readonly Line[]> {
  async function* chunks(): AsyncGenerator<Uint8Array> {
    for (const piece of pieces) yield typeof piece === "string" ? Buffer.from(piece) : piece;
  }
  const all: Line[] = [];
  for await (const some of linesOf(chunks(), longest)) all.push(...some);
  return all;
}

const texts = async (pieces: readonly (string | Uint8Array)[]) =>
  (await lines(pieces)).map(({ text }) => text);

describe("lines", () => {
  it("end at line feeds, with or without a carriage return, wherever the pieces are cut", async () => {
    expect(await texts(["one\ntw", "o\r", "\n\nfo", "ur"])).toEqual(["one", "two", "", "four"]);
  });

  it("are numbered from one, the empty ones too", async () => {
    expect((await lines(["a\n\nb\n"])).map(({ number, text }) => `${number}${text}`)).toEqual([
      "1a",
      "2",
      "3b",
    ]);
  });

  it("keep characters whole that a piece cuts in two", async () => {
    const bytes = Buffer.from("grün 🙂\n");
    expect(await texts([...bytes].map((byte) => Uint8Array.of(byte)))).toEqual(["grün 🙂"]);
  });

  it("begin after the mark that some editors put first", async () => {
    expect(await texts(["\uFEFF{}\n\uFEFF{}\n"])).toEqual(["{}", "\uFEFF{}"]);
  });

  it("are told as too long where they are, and the next one is read", async () => {
    const read = await lines(["short\n", "x".repeat(50), "x".repeat(50), "x\nnext\n", "y".repeat(99)], 60);
    expect(read).toEqual([
      { number: 1, text: "short", tooLong: false },
      { number: 2, text: "", tooLong: true },
      { number: 3, text: "next", tooLong: false },
      { number: 4, text: "", tooLong: true },
    ]);
  });

  it("come as they are written, not at the end", async () => {
    let isOver = false;
    async function* slowly(): AsyncGenerator<Uint8Array> {
      yield Buffer.from("first\n");
      isOver = true;
      yield Buffer.from("second\n");
    }
    const { value } = await linesOf(slowly()).next();
    expect(value).toEqual([{ number: 1, text: "first", tooLong: false }]);
    expect(isOver).toBe(false);
  });
});
