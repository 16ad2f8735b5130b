import { describe, expect, it } from "vitest";
import { Failure } from "../contract/failure.ts";
import { embedInTime } from "./inTime.ts";
import { type AskEmbeddings, createRemote } from "./remote.ts";

/** Says of each text how long it is. */
function listener(): { readonly ask: AskEmbeddings; readonly sent: (readonly string[])[] } {
  const sent: (readonly string[])[] = [];
  const ask: AskEmbeddings = async (texts) => {
    sent.push(texts);
    return { vectors: texts.map((text) => Float32Array.of(text.length, 1, 0)) };
  };
  return { ask, sent };
}

const FOREVER = new AbortController().signal;

describe("a remote embedder", () => {
  it("gives vectors of length 1, in the order of the texts, and asks for the same text once", async () => {
    const { ask, sent } = listener();
    const vectors = await createRemote("openai/small", ask).embed(["aaaa", "b", "aaaa"]);
    expect(sent).toEqual([["aaaa", "b"]]);
    expect(vectors).toEqual([vectors[2], vectors[1], vectors[0]]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1);
  });

  it("asks for many texts in several requests", async () => {
    const { ask, sent } = listener();
    const texts = Array.from({ length: 70 }, (_, at) => "x".repeat(at + 1));
    const vectors = await createRemote("openai/small", ask).embed(texts);
    expect(sent.map(({ length }) => length)).toEqual([32, 32, 6]);
    const [last = 0, one = 0] = vectors.at(-1) ?? [];
    expect(last / one).toBeCloseTo(70, 3);
  });

  it("sends no text that is empty, no half of a character, and of a long one the beginning", async () => {
    const { ask, sent } = listener();
    const vectors = await createRemote("openai/small", ask).embed([
      "",
      " \n",
      "a\uD800",
      "x".repeat(100_000),
    ]);
    expect(sent[0]?.map(({ length }) => length)).toEqual([2, 2700]);
    expect(sent[0]?.every((text) => text.isWellFormed())).toBe(true);
    expect(vectors.slice(0, 2)).toEqual([new Float32Array(3), new Float32Array(3)]);
  });

  it("asks nobody where no text says anything", async () => {
    const { ask, sent } = listener();
    expect(await createRemote("openai/small", ask).embed([" "])).toEqual([new Float32Array()]);
    expect(sent).toEqual([]);
  });
});

describe("an embedding that is waited for only so long", () => {
  it("is there when it comes in time", async () => {
    const { ask } = listener();
    expect(await embedInTime(createRemote("openai/small", ask), ["a"], FOREVER)).toMatchObject({
      kind: "embedded",
      vectors: [{ length: 3 }],
    });
  });

  it("is skipped with the reason when it fails, comes too late, or nobody wants it any more", async () => {
    const failing = createRemote("openai/small", async () => {
      throw new Failure({ kind: "overloaded", provider: "openai", message: "busy" });
    });
    expect(await embedInTime(failing, ["a"], FOREVER)).toMatchObject({ failure: { kind: "overloaded" } });
    const silent = createRemote("openai/small", () => Promise.withResolvers<never>().promise);
    expect(await embedInTime(silent, ["a"], FOREVER, 1)).toMatchObject({
      kind: "skipped",
      failure: { kind: "timeout", message: "no embedding within 1 ms" },
    });
    expect(await embedInTime(silent, ["a"], AbortSignal.abort())).toMatchObject({
      failure: { kind: "cancelled" },
    });
  });

  it("calls it too late, too, where the embedder heeds its signal", async () => {
    const heeding = createRemote("openai/small", (_, signal) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () =>
        reject(new Failure({ kind: "cancelled", provider: "openai", message: "stopped" })),
      );
      return promise;
    });
    expect(await embedInTime(heeding, ["a"], FOREVER, 1)).toMatchObject({ failure: { kind: "timeout" } });
  });

  it("lets a bug through", async () => {
    const broken = createRemote("openai/small", async () => {
      throw new TypeError("a bug");
    });
    await expect(embedInTime(broken, ["a"], FOREVER)).rejects.toThrow("a bug");
  });
});
