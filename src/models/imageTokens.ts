import { type ModelRef, splitRef } from "../contract/model.ts";

type ImageBound = {
  readonly providers: readonly string[];
  readonly models: RegExp;
  /** The most that one image of any size can count as. */
  readonly tokens: number;
};

/** The first row that fits holds; each names the vendor's page that it follows. */
const IMAGE_BOUNDS: readonly ImageBound[] = [
  // Larger images are scaled down to 2,576 px and 4,784 tokens (older models: 1,568 px and tokens).
  // https://platform.claude.com/docs/en/build-with-claude/vision
  { providers: ["anthropic"], models: /^claude-/, tokens: 4_784 },
  // 2,833 and 5,667 for each of at most 8 tiles (2,048 × 768 px in tiles of 512 px).
  // https://platform.openai.com/docs/guides/images-vision#calculating-costs
  { providers: ["openai", "azure"], models: /^gpt-4o-mini/, tokens: 48_169 },
  // At most 10,000 patches of 32 px (detail "original"), times a model's factor, of which 2.46 is the largest; models
  // that count by tiles stay far below. Same page.
  { providers: ["openai", "azure"], models: /^(?:gpt-(?:4o|4\.1|4\.5|[5-9])|o[1-9])/, tokens: 24_600 },
  // `media_resolution` ultra high, from Gemini 3 on; earlier ones have no upper bound in the documentation.
  // https://ai.google.dev/gemini-api/docs/media-resolution
  { providers: ["google"], models: /^gemini-[34]/, tokens: 2_240 },
];

/** The most tokens that one image can cost by its provider's documentation; undefined where that says nothing. */
export function mostImageTokens(ref: ModelRef): number | undefined {
  const { provider, model } = splitRef(ref);
  return IMAGE_BOUNDS.find(({ providers, models }) => providers.includes(provider) && models.test(model))
    ?.tokens;
}
