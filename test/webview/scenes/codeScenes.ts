import { answered, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const answer = `The wait doubles in \`src/http/retry.ts:48\` and is never limited; see [its test](src/http/retry.test.ts#L12), not \`sleep.ts\`.

\`\`\`ts packages/server/src/http/interceptors/retryAfterInterceptor.ts
export function waitMs(attempt: number): number {
  return Math.min(8_000, 200 * 2 ** attempt);
}
\`\`\`

Then run the tests:

\`\`\`bash
npm test -- src/http --reporter=verbose --bail=1 --coverage.enabled=true
\`\`\``;

const found = [
  "src/http/retry.ts:48",
  "src/http/retry.test.ts#L12",
  "packages/server/src/http/interceptors/retryAfterInterceptor.ts",
];

const blocks: Scene = {
  name: "code-blocks",
  messages: [
    ...opening(
      1.24,
      [turn("How long does it wait?", answer, { answer: answered(sonnet) })],
      "Waits of the retry",
    ),
    { type: "paths", checked: found, found },
  ],
  clicks: [".sy-code:last-of-type button[data-act=more]"],
};

const half = turn("How long does it wait?", "", { answer: { ...answered(sonnet), summary: undefined } });

const growing: Scene = {
  name: "code-streaming",
  messages: [
    ...opening(1.24, [half], "Waits of the retry", half.id),
    { type: "text", turnId: half.id, text: answer.slice(0, answer.indexOf("return") + 12) },
  ],
};

/** Code blocks with their buttons and menu, and the names of files. */
export const codeScenes: readonly Scene[] = [blocks, growing];
