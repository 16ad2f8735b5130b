import { answered, turn } from "../turns.ts";
import { opening, type Scene, sonnet } from "./scene.ts";

const richText = `Press <kbd>Ctrl</kbd>+<kbd>Shift</kbd>+<kbd>P</kbd>, then drink H<sub>2</sub>O at 10<sup>3</sup> hPa.<br>See the note[^1], and [the manual](https://example.com/manual).

- [x] Read \`Retry-After\`
- [ ] Double the wait, **with jitter**
  - [ ] up to 8 s
- An item without a box

> Quoted from the manual, in two paragraphs.
>
> - with a list

---

<details open>
<summary>Why **exactly** that long?</summary>

Because the server says so[^1]:

\`\`\`http
Retry-After: 2
\`\`\`

</details>

<details><summary>Closed</summary>hidden</details>

| Header | Meaning of the header as the specification explains it | Unit | Since | Where |
|---|---|--:|:-:|---|
| Retry-After | When to ask again<br>or a date | s | HTTP/1.1 | [RFC 9110](https://example.com/rfc) |

averyveryverylongwordthatdoesnotfitintoanarrowviewandhasnoplacetobreakatall_1234567890

[^1]: RFC 9110, section 10.2.3, [online](https://example.com/rfc).
`;

const diffs = `The change, and a fence in a fence:

\`\`\`diff src/http/retry.ts
--- a/src/http/retry.ts
+++ b/src/http/retry.ts
@@ -1,4 +1,5 @@
 export async function withRetry<T>(
-  call: () => Promise<T>,
+  call: (signal?: AbortSignal) => Promise<T>,
+  tries = 4, // a comment that is so long that it does not fit into a view of this width
 ): Promise<T> {
\`\`\`

1. In a list:

   \`\`\`\`md
   \`\`\`sh
   npm test
   \`\`\`
   \`\`\`\`

2. > In a quote in a list:
   >
   > ~~~ts
   > const a = \`in a quote\`;
   > ~~~
`;

const rightToLeft = `הפונקציה \`withRetry\` מחכה בדיוק כמה שהשרת אומר.

English stays as it is, also with a word like שלום inside.

1. ראשית, קוראים את \`Retry-After\`
2. אחר כך מכפילים את הזמן

- [x] בוצע
- [ ] עוד לא

> ציטוט קצר

| כותרת | ערך |
|---|---|
| אחת | 1 |

\`\`\`ts
const wait = 200; // תמיד משמאל לימין
\`\`\`
`;

const formulas = String.raw`The standard error of a mean falls with \(\sqrt{n}\), and $e^{i\pi} + 1 = 0$ holds:

$$
\sigma_{\bar x} = \frac{\sigma}{\sqrt{n}}, \qquad \hat\beta = (X^\top X)^{-1} X^\top y
$$

- A matrix \[\begin{pmatrix} 1 & 0 & \cdots & 0 \\ 0 & 1 & \cdots & 0 \\ 0 & 0 & \ddots & 1 \end{pmatrix}\]
- and a long sum $\sum_{k=0}^{n} \binom{n}{k} x^k y^{n-k} = (x+y)^n = \underbrace{(x+y)\cdots(x+y)}_{n}$ in a line

It costs $5 and $6, in US$7, 8$ or $20,000 and a 30$ fee, with $PATH and \$10. This one is broken: $\frac{1}{$, and this \(\unknown{x}\).

| Case | Bound |
|---|---|
| Best | $O(n \log n)$ |
`;

function scene(name: string, text: string, height: number): Scene {
  return {
    name,
    height,
    messages: opening(1.3, [turn("Write it up", text, { answer: answered(sonnet) })], "Statistics"),
  };
}

/** What answers may contain. */
export const markdownScenes: readonly Scene[] = [
  scene("rich-text", richText, 1250),
  scene("diffs-and-fences", diffs, 900),
  scene("right-to-left", rightToLeft, 800),
  scene("formulas", formulas, 800),
];
