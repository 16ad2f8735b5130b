import { expect, it } from "vitest";
import { DATA_DIR } from "../../../test/support/routing/embeddingReference.ts";
import { loadBuiltIn } from "../../embedding/builtIn.ts";
import { readSettings } from "../../settings/read.ts";
import type { Settings } from "../../settings/schema.ts";
import { GENERIC_PROMPTS } from "./genericPrompts.ts";
import { SimilarityFinder } from "./similarities.ts";

const builtIn = await loadBuiltIn(DATA_DIR);

function settingsWith(examples: readonly string[], embedder?: string): Settings {
  return readSettings({
    "switchyard.routes": [{ name: "Code", examples, models: ["openai/gpt-6-luna"] }],
    ...(embedder === undefined ? {} : { "switchyard.semantic.embedder": embedder }),
  }).settings;
}

/** A finder whose remote embedder records what it is asked for, with a history that outlives it. */
function createFinders() {
  const asked: string[] = [];
  const stored = new Map<string, Float32Array>();
  const finder = () =>
    new SimilarityFinder({
      builtIn: async () => builtIn,
      remote: (id) => ({
        id,
        embed: async (texts) => {
          asked.push(...texts);
          return builtIn.embedSync(texts);
        },
      }),
      history: async () => ({
        embeddings: async (_, texts) => new Map([...stored].filter(([text]) => texts.includes(text))),
        saveEmbeddings: async (_, vectors) => {
          for (const [text, vector] of vectors) stored.set(text, vector);
        },
      }),
    });
  return { asked, finder };
}

it("a remote embedder gets the generic prompts once, whatever the routes, also after a restart", async () => {
  const { asked, finder } = createFinders();
  const first = finder();
  await first.find("one", false, settingsWith(["Write a class"], "openai/text-embedding-3-small"));
  expect(new Set(asked)).toEqual(new Set([...GENERIC_PROMPTS.flat(), "Write a class", "one"]));
  asked.length = 0;
  await first.find("two", false, settingsWith(["Write a loop"], "openai/text-embedding-3-small"));
  await finder().find("three", false, settingsWith(["Write a loop"], "openai/text-embedding-3-small"));
  expect(asked).toEqual(["Write a loop", "two", "three"]);
});

it("has the same threshold with any embedder that returns the same vectors", async () => {
  const { finder } = createFinders();
  const examples = ["Write a class", "Write a loop", "Implement a parser"];
  const remote = await finder().find("x", false, settingsWith(examples, "openai/text-embedding-3-small"));
  const local = await finder().find("x", false, settingsWith(examples));
  expect(remote?.embedder).toBe("openai/text-embedding-3-small");
  expect(remote?.routes).toEqual(local?.routes);
});
