export const retryAnswer = `The loop waits 200 ms every time and never reads the header. \`withRetry\` should:

1. wait exactly as long as \`Retry-After\` says, where it is given;
2. otherwise double the wait, with jitter, up to 8 s;
3. give up at once on errors that will not pass.

| Status | Again? | Wait |
|---|---|---|
| 429 | Yes | Retry-After, else backoff |
| 500–504 | Yes | Backoff |
| 400, 401 | No | |

\`\`\`ts src/http/retry.ts
export async function withRetry<T>(
  call: () => Promise<T>,
  tries = 4,
): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      return await call();
    } catch (error) {
      if (n === tries || !passes(error)) throw error;
      await sleep(waitMs(error, n)); // Retry-After first
    }
  }
}
\`\`\`

Both problems in the file come from the missing return type and are gone with this.`;

export const halfAnswer = `Three cases matter, and none of them should really wait:

- \`Retry-After: 2\` waits 2,000 ms, neither more nor less.
- Without the header the wait doubles and stays below 8 s.

\`\`\`ts src/http/retry.test.ts
test("waits as long as Retry-After says", async () => {
  vi.useFakeTimers();
  const call = failsOnce({ retryAfter: 2 });
  const answer =`;
