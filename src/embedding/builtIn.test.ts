import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DATA_DIR, readGolden } from "../../test/support/routing/embeddingReference.ts";
import { type BuiltInEmbedder, loadBuiltIn } from "./builtIn.ts";
import { dot } from "./vectors.ts";

const golden = readGolden();
let embedder: BuiltInEmbedder;
let folder: string;

beforeAll(async () => {
  embedder = await loadBuiltIn(DATA_DIR);
  folder = await mkdtemp(join(tmpdir(), "switchyard-embedding-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function vectorOf(text: string): Float32Array {
  const [vector] = embedder.embedSync([text]);
  if (vector === undefined) throw new Error("no vector");
  return vector;
}

describe("the built-in embedder", () => {
  it.each(golden.texts)("returns the reference vector for $text", ({ text, embedding }) => {
    const vector = vectorOf(text);
    const further = vector.subarray(embedding.length);
    if (!/[\p{Script=Han}\p{Script=Katakana}]/u.test(text))
      expect(further.every((zero) => zero === 0)).toBe(true);
    const off = embedding.map((component, at) => Math.abs(component - (vector[at] ?? Number.NaN)));
    expect(Math.max(...off)).toBeLessThanOrEqual(golden.tolerance);
  });

  it.each(golden.pairs)(
    "returns vectors for “$a” and “$b” with the reference cosine",
    ({ a, b, cosine: expected }) => {
      expect(dot(vectorOf(a), vectorOf(b))).toBeCloseTo(expected, 3);
    },
  );

  it("returns the same vectors from embed and embedSync, in the order of the texts", async () => {
    const texts = ["fix the test", "", "write a poem"];
    expect(await embedder.embed(texts)).toEqual(embedder.embedSync(texts));
    expect(embedder.embedSync(texts)[2]).toEqual(vectorOf("write a poem"));
  });

  it.each([
    ["为登录接口补充测试用例", "登录接口的测试", "设计订单的数据表"],
    ["ログイン処理のテストを追加して", "ログイン処理をテストする", "注文テーブルを設計して"],
    ["로그인 기능의 테스트를 추가해 줘", "로그인 기능을 테스트하기", "주문 테이블을 설계하고 싶어"],
  ])("returns closer vectors for %s and %s than for %s", (text, near, far) => {
    const vector = vectorOf(text);
    expect(dot(vector, vectorOf(near))).toBeGreaterThan(0.4);
    expect(dot(vector, vectorOf(far))).toBeLessThan(0.25);
  });

  it("counts Chinese function words half, simplified and traditional ones", () => {
    const near = dot(vectorOf("测试"), vectorOf("测试了吗"));
    expect(near).toBeGreaterThan(dot(vectorOf("测试"), vectorOf("测试登录")) + 0.1);
    expect(dot(vectorOf("測試"), vectorOf("測試過嗎"))).toBeGreaterThan(0.75);
  });

  it("counts the English words in a sentence of another script", () => {
    expect(dot(vectorOf("用 Python 写"), vectorOf("python"))).toBeGreaterThan(0.4);
    expect(dot(vectorOf("Pythonで"), vectorOf("python"))).toBeGreaterThan(0.7);
  });

  it("returns the same vector for half-width Katakana and decomposed characters", () => {
    expect(vectorOf("ﾃｽﾄがﾄﾞｷｭﾒﾝﾄ")).toEqual(vectorOf("テストがドキュメント"));
    expect(vectorOf("テストが 한국어".normalize("NFD"))).toEqual(vectorOf("テストが 한국어"));
  });

  it("returns the zero vector for a text without known words", () => {
    for (const text of ["", " \n\t", "\u0000", "🦄🦄"]) {
      expect(vectorOf(text).every((component) => component === 0)).toBe(true);
      expect(dot(vectorOf(text), vectorOf("write a poem"))).toBe(0);
    }
  });

  it("reads only the first 8,000 characters of a text", () => {
    // Words without tokens, so that the limit on characters is reached before the limit on tokens.
    const first = `${"🦄".repeat(3996)}   a cat`.slice(0, 8000);
    expect(first).toHaveLength(8000);
    expect(vectorOf(`${first}fish about databases`)).toEqual(vectorOf(first));
  });

  it("rejects a damaged table, and a table of another vocabulary", async () => {
    const vectors = await readFile(join(DATA_DIR, "vectors.i4"));
    const words = await readFile(join(DATA_DIR, "vocab.txt"));
    const load = async (table: Uint8Array, vocabulary: Uint8Array) => {
      await writeFile(join(folder, "vectors.i4"), table);
      await writeFile(join(folder, "vocab.txt"), vocabulary);
      return loadBuiltIn(folder);
    };
    await expect(load(vectors.subarray(0, -1), words)).rejects.toThrow("damaged");
    await expect(load(new Uint8Array(), words)).rejects.toThrow("damaged");
    await expect(load(vectors, Buffer.from("one\ntwo\n"))).rejects.toThrow("belong together");
    await expect(load(vectors, new Uint8Array())).rejects.toThrow("empty");
  });
});
