import { describe, expect, it } from "vitest";
import { Failure } from "../contract/failure.ts";
import { type AskEmbeddings, createRemote, embedInTime } from "./remote.ts";

/** An API whose vectors contain the length of each text. */
function recordingApi(): { readonly ask: AskEmbeddings; readonly sent: (readonly string[])[] } {
  const sent: (readonly string[])[] = [];
  const ask: AskEmbeddings = async (texts) => {
    sent.push(texts);
    return { vectors: texts.map((text) => Float32Array.of(text.length, 1, 0)) };
  };
  return { ask, sent };
}

const FOREVER = new AbortController().signal;

describe("a remote embedder", () => {
  it("returns vectors of length 1 in the order of the texts, and requests each text once", async () => {
    const { ask, sent } = recordingApi();
    const vectors = await createRemote("openai/small", ask).embed(["aaaa", "b", "aaaa"]);
    expect(sent).toEqual([["aaaa", "b"]]);
    expect(vectors).toEqual([vectors[2], vectors[1], vectors[0]]);
    for (const vector of vectors) expect(Math.hypot(...vector)).toBeCloseTo(1);
  });

  it("splits many texts into several requests", async () => {
    const { ask, sent } = recordingApi();
    const texts = Array.from({ length: 70 }, (_, at) => "x".repeat(at + 1));
    const vectors = await createRemote("openai/small", ask).embed(texts);
    expect(sent.map(({ length }) => length)).toEqual([32, 32, 6]);
    const [last = 0, one = 0] = vectors.at(-1) ?? [];
    expect(last / one).toBeCloseTo(70, 3);
  });

  it("sends no empty text and no half surrogate pair, and only the beginning of a long text", async () => {
    const { ask, sent } = recordingApi();
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

  it("sends no request if all texts are empty", async () => {
    const { ask, sent } = recordingApi();
    expect(await createRemote("openai/small", ask).embed([" "])).toEqual([new Float32Array()]);
    expect(sent).toEqual([]);
  });
});

describe("embedInTime", () => {
  it("returns vectors that arrive in time", async () => {
    const { ask } = recordingApi();
    expect(await embedInTime(createRemote("openai/small", ask), ["a"], FOREVER)).toMatchObject({
      kind: "embedded",
      vectors: [{ length: 3 }],
    });
  });

  it("reports a failure, a timeout or a cancellation as the reason for skipping", async () => {
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

  it("reports a timeout if the embedder rejects on its signal", async () => {
    const cooperative = createRemote("openai/small", (_, signal) => {
      const { promise, reject } = Promise.withResolvers<never>();
      signal.addEventListener("abort", () =>
        reject(new Failure({ kind: "cancelled", provider: "openai", message: "stopped" })),
      );
      return promise;
    });
    expect(await embedInTime(cooperative, ["a"], FOREVER, 1)).toMatchObject({ failure: { kind: "timeout" } });
  });

  it("throws errors that are not failures", async () => {
    const broken = createRemote("openai/small", async () => {
      throw new TypeError("a bug");
    });
    await expect(embedInTime(broken, ["a"], FOREVER)).rejects.toThrow("a bug");
  });
});
