import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import { inProject } from "../../../scripts/project.ts";
import { DATA_DIR } from "../../../test/support/routing/embeddingReference.ts";
import { loadBuiltIn } from "../../embedding/builtIn.ts";
import { readSettings } from "../../settings/read.ts";
import { createClassifier, type EarlierPrompt } from "./classify.ts";
import { topicsOf } from "./topic.ts";

const builtIn = await loadBuiltIn(DATA_DIR);
const classify = createClassifier(
  async () => undefined,
  async (texts) => builtIn.embedSync(texts),
);

/** What is held for the last of the prompts. */
async function heldFor(prompts: readonly string[], raw: Record<string, unknown> = {}) {
  const earlier = prompts.map(
    (ownWords, at): EarlierPrompt => ({ ownWords, characters: ownWords.length, number: at + 1 }),
  );
  const { ownWords = "", characters = 0, number } = earlier.pop() ?? {};
  const input = { ownWords, characters, number, earlier, contextTokens: 10, isOffline: false };
  return (await classify(input, readSettings(raw).settings)).held;
}

const HARD = "Create a parser for our log files in Go that handles rotated ones";
const OTHER = "Draft an email to Susan about Tuesday's dinner with vegetarian guests";

describe("the complexity that a conversation holds", () => {
  it("is that of the hardest earlier prompt, and of the first among equals", async () => {
    expect(await heldFor([HARD, "that still fails on Windows"])).toMatchObject({
      prompt: 1,
      complexity: { level: "high" },
    });
    expect(await heldFor(["hello", "Explain it", HARD, "why?", "and on Windows?"])).toMatchObject({
      prompt: 3,
    });
    expect((await heldFor([HARD, "that still fails"]))?.topic).toBeUndefined();
  });

  it("does not apply to a harder prompt, to a first one, nor if the setting is off", async () => {
    expect(await heldFor(["Explain it", HARD])).toBeUndefined();
    expect(await heldFor(["why?"])).toBeUndefined();
    expect(await heldFor([HARD, "why?"], { "switchyard.complexity.hold": false })).toBeUndefined();
  });

  it("does not apply to another topic, nor to what follows it there, but again to the first topic", async () => {
    const { topic } = (await heldFor([HARD, "why?", OTHER])) ?? {};
    expect(topic).toMatchObject({ threshold: 0.15, hardest: undefined });
    expect(topic?.similarity).toBeLessThan(0.15);
    const later = await heldFor([HARD, OTHER, "Explain vegetarian dinner emails", "shorten it please"]);
    expect(later?.topic).toMatchObject({ hardest: { prompt: 3, complexity: { level: "medium" } } });
    const back = await heldFor([HARD, OTHER, "make the parser skip rotated log files"]);
    expect(back).toMatchObject({ prompt: 1 });
    expect(back?.topic).toBeUndefined();
  });

  it.each([
    "Draft it as an email to Susan about Tuesday's dinner",
    "The dinner email to Susan should mention Tuesday",
    "Draft an email to Susan",
    "Schreibe eine E-Mail an Susanne über das Abendessen am Dienstag",
    "把下面这句话翻译成法语并解释",
  ])("applies to a prompt that may refer back, or whose topic is not clear: %s", async (prompt) => {
    expect((await heldFor([HARD, prompt]))?.topic).toBeUndefined();
  });
});

describe("topics", () => {
  const embedded = (words: string) => {
    const [vector = new Float32Array(0)] = builtIn.embedSync([words]);
    return { words, vector };
  };
  const read = async (name: string): Promise<unknown> =>
    JSON.parse(await readFile(inProject("test/bench/routing", name), "utf8"));
  const isNew = (prompts: readonly string[]) =>
    topicsOf(prompts.map(embedded)).topics.at(-1) === prompts.length - 1;

  it("continue in at least 95 of 100 prompts that continue a conversation, and end in 15 of 100 that do not", async () => {
    const conversations = (await read("conversations.json")) as readonly (readonly string[])[];
    const others = (await read("otherPrompts.json")) as readonly string[];
    const continued = conversations.flatMap((prompts) =>
      prompts.slice(1).map((_, at) => isNew(prompts.slice(0, at + 2))),
    );
    const begun = conversations.flatMap((prompts) => {
      const firsts = conversations.flatMap(([first = ""]) => (prompts[0] === first ? [] : [first]));
      return [...others, ...firsts].map((other) => isNew([...prompts, other]));
    });
    const share = (found: readonly boolean[]) => found.filter(Boolean).length / found.length;
    expect(share(continued)).toBeLessThanOrEqual(0.05);
    expect(share(begun)).toBeGreaterThanOrEqual(0.15);
  });
});
