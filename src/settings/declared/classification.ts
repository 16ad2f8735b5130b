/** Settings of how prompts are classified: complexity, and similarity to the examples of routes. */
import * as v from "valibot";
import { count, name, object, setting, withDefault } from "../values.ts";

const keywords = v.array(name);

const HIGH = ["analyze", "compare", "evaluate", "synthesize", "create"];
const MEDIUM = ["explain", "describe", "summarize", "list"];
const LOW = ["what is", "define", "translate", "format"];

export const complexityKeywords = setting({
  schema: object({
    high: withDefault(keywords, HIGH, "Keywords of high complexity."),
    medium: withDefault(keywords, MEDIUM, "Keywords of medium complexity."),
    low: withDefault(keywords, LOW, "Keywords of low complexity."),
  }),
  default: { high: HIGH, medium: MEDIUM, low: LOW },
  scope: "window",
  restricted: true,
  recoveryDepth: 2,
  markdownDescription:
    "Keywords that determine a prompt's complexity: whole words or phrases, ignoring case; a `*` at the end stands for any ending. The first level with a match applies, from high to low. An empty list turns a level off. If nothing matches, `switchyard.complexity.length` decides.",
  example: { high: ["prove", "design"], medium: ["explain"], low: ["what is", "translate"] },
});

const HIGH_ABOVE = 2000;
const MEDIUM_ABOVE = 500;

export const complexityLength = setting({
  schema: v.pipe(
    object({
      highAbove: withDefault(count(), HIGH_ABOVE, "Prompts with more characters are of high complexity."),
      mediumAbove: withDefault(
        count(),
        MEDIUM_ABOVE,
        "Prompts with more characters are of medium complexity.",
      ),
    }),
    v.check(
      ({ highAbove, mediumAbove }) => highAbove >= mediumAbove,
      "a highAbove that is not less than mediumAbove",
    ),
  ),
  default: { highAbove: HIGH_ABOVE, mediumAbove: MEDIUM_ABOVE },
  scope: "window",
  restricted: true,
  recoveryDepth: 1,
  markdownDescription:
    "The length, in characters, from which a prompt without a keyword is of medium or high complexity. Attached code counts, and a Chinese, Japanese or Korean character counts as three.",
});

export const complexityHold = setting({
  schema: v.boolean(),
  default: true,
  scope: "window",
  restricted: true,
  recoveryDepth: 0,
  markdownDescription:
    "A conversation holds the complexity of its hardest prompt: a later prompt can raise it, and only a new topic lowers it, if switching to the other model costs less than staying. Otherwise the complexity of each prompt decides by itself.",
});

export const semanticEmbedder = setting({
  schema: v.pipe(
    v.string(),
    v.maxLength(200),
    v.regex(/^(?:built-in|[^\s/]+\/\S+)$/, '"built-in" or a model as provider/model'),
  ),
  default: "built-in",
  scope: "application",
  recoveryDepth: 0,
  markdownDescription:
    "What compares a prompt with the `examples` of routes: `built-in`, which works offline, or an embedding model as `provider/model`. If an embedding model takes longer than 300 ms, the built-in embedder compares the prompt.",
  example: "openai/text-embedding-3-small",
  examples: ["built-in", "openai/text-embedding-3-small", "ollama/nomic-embed-text"],
});
