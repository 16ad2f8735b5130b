import { describe, expect, it } from "vitest";
import { Painter } from "../painter.ts";

/** What is shown of a text: the code blocks, and the paragraphs outside of them. */
type Shown = { readonly code: string[]; readonly paragraphs: string[] };

function shown(into: Element): Shown {
  return {
    code: [...into.querySelectorAll(".sy-code code")].map((code) => code.textContent),
    paragraphs: [...into.querySelectorAll("p")].map((paragraph) => paragraph.textContent),
  };
}

/** Paints a text that grows by `step` letters. Returns what was shown on the way, and in the end. */
function paint(text: string, step: number) {
  const into = document.createElement("div");
  const painter = new Painter(into);
  const onTheWay: Shown[] = [];
  for (let end = step; end < text.length + step; end += step) {
    painter.paint(text.slice(0, end), false);
    onTheWay.push(shown(into));
  }
  painter.paint(text, true);
  return { onTheWay, inTheEnd: shown(into) };
}

const withLanguages =
  "# Tool\n\nInstall:\n\n```bash\nnpm install\n```\n\nUse:\n\n```js\nrun();\n```\n\nDone.";
const withoutLanguages =
  "# Tool\n\n```\nsrc\n  a.ts\n```\n\nThen:\n```\nnpm test\n```\n\n1. Run\n   ```\n   b\n   ```\nDone.";

describe("a Markdown document in a fence", () => {
  it.each([
    ["with inner fences of languages", withLanguages],
    ["with inner fences without a language", withoutLanguages],
    ["with fences in list items", "- ```sh\n  a\n  ```\n\n1. ```\n   b\n   ```\n\nDone."],
    ["with a document inside", "````\na\n````\n\n```md\n```js\nb\n```\n```\n\nDone."],
    ["with a longer inner fence", "````js\n```\n````\n\nDone."],
  ])("is one block, which never splits while it grows: %s", (_, document) => {
    const text = `Here is the file:\n\n\`\`\`markdown\n${document}\n\`\`\`\n\nTell me if you need more.`;
    for (const step of [1, 7]) {
      const { onTheWay, inTheEnd } = paint(text, step);
      expect(inTheEnd).toEqual({
        code: [document],
        paragraphs: ["Here is the file:", "Tell me if you need more."],
      });
      const sinceItBegan = onTheWay.slice(onTheWay.findIndex(({ code }) => code.length > 0));
      expect(sinceItBegan.filter(({ code }) => code.length !== 1)).toEqual([]);
      const outside = sinceItBegan.map(({ paragraphs }) => paragraphs.length);
      expect(outside).toEqual(outside.toSorted());
    }
  });

  it.each(["md", "Markdown", "mdx title=a.mdx", "docs/README.md"])("may be opened as %s", (info) => {
    expect(paint(`\`\`\`${info}\n${withLanguages}\n\`\`\`\n\nend`, 7).inTheEnd.code).toEqual([withLanguages]);
  });

  it.each([
    ["in a list item", "- ", "  "],
    ["in a quote", "> ", "> "],
  ])("ends with what holds it: %s", (_, first, rest) => {
    const lines = ["```md", "```js", "a", "```", "b", "```"];
    const text = lines.map((line, index) => (index === 0 ? first : rest) + line).join("\n");
    expect(paint(`${text}\n\nafter`, 7).inTheEnd).toEqual({
      code: ["```js\na\n```\nb"],
      paragraphs: ["after"],
    });
    const unclosed = `${first}\`\`\`md\n${rest}a`;
    expect(paint(`${unclosed}\n\nafter`, 7).inTheEnd.paragraphs).toEqual(["after"]);
  });

  it("ends at a fence that text follows at once, if no other fence ends it", () => {
    expect(paint("```md\na\n```\nbehind\n\n```js\nb\n```\n\nend", 7).inTheEnd).toEqual({
      code: ["a", "b"],
      paragraphs: ["behind", "end"],
    });
  });

  it("that was cut off keeps its inner fences", () => {
    expect(paint("```md\n# A\n\n```js\nb\n```\n\nand", 7).inTheEnd.code).toEqual([
      "# A\n\n```js\nb\n```\n\nand",
    ]);
  });
});

describe("a fence of another kind", () => {
  it.each([
    ["```js\nconst a = `b`;\n```", ["const a = `b`;"]],
    ["````\n```js\na\n```\n````", ["```js\na\n```"]],
    ["````markdown\n```js\na\n```\n\n```\nb\n````", ["```js\na\n```\n\n```\nb"]],
    ["~~~md\n```\na\n~~~", ["```\na"]],
    ["```js\na\n```\n```ts\nb\n```", ["a", "b"]],
  ])("is read as CommonMark reads it: %j", (text, code) => {
    for (const step of [1, 7]) expect(paint(text, step).inTheEnd.code).toEqual(code);
  });
});
