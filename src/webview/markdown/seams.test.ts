import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { corpus } from "./corpus.ts";
import { Painter } from "./painter.ts";
import type { Seam } from "./seams.ts";

const noteHtml = (words: string) =>
  '<p class="sy-note sy-note--seam"><span class="codicon codicon-debug-disconnect" aria-hidden="true"></span>' +
  `<span>${words}</span></p>`;

/** What is painted of a text that was torn at each `‖`: its own blocks as they are, a note as ‖. */
function painted(torn: string): string {
  const { text, seams } = textOf(torn);
  const into = document.createElement("div");
  new Painter(into).paint(text, true, seams);
  return seams.reduce((html, { words }) => html.replace(noteHtml(words), "‖"), into.innerHTML);
}

function textOf(torn: string): { readonly text: string; readonly seams: readonly Seam[] } {
  const parts = torn.split("‖");
  const seams = parts
    .slice(0, -1)
    .map((_, index) => ({ at: parts.slice(0, index + 1).join("").length, words: `note ${index}` }));
  return { text: parts.join(""), seams };
}

describe("a seam", () => {
  it.each([
    ["in a sentence", "one ‖two", "<p>one </p>‖<p>two</p>"],
    ["in a word", "o‖ne two", "<p>o</p>‖<p>ne two</p>"],
    ["in strong words", "a **b ‖c** d", "<p>a <strong>b </strong></p>‖<p><strong>c</strong> d</p>"],
    ["in the second line", "  one\ntwo ‖three\r\nfour", "<p>one\ntwo </p>‖<p>three\nfour</p>"],
    ["in the third line", "a\r\nb\r\nc‖d\r\n\r\ne", "<p>a\nb\nc</p>‖<p>d</p>\n<p>e</p>"],
    ["twice in a sentence", "one ‖two ‖three", "<p>one </p>‖<p>two </p>‖<p>three</p>"],
    ["twice in a place", "one ‖‖two", "<p>one </p>‖‖<p>two</p>"],
    ["in a word of code", "a `b‖c` d", "<p>a <code>bc</code></p>‖<p> d</p>"],
    ["in an entity", "a &am‖p; b", "<p>a &amp;</p>‖<p> b</p>"],
    ["at the text's end", "one two‖", "<p>one two</p>‖"],
    ["in what nothing can be seen behind", "**one‖**", "<p><strong>one</strong></p>‖"],
    ["in what nothing can be seen before", "**‖one**", "‖<p><strong>one</strong></p>"],
    ["at the text's beginning", "‖one", "‖<p>one</p>"],
    ["between paragraphs", "one\n\n‖two", "<p>one</p>‖<p>two</p>"],
    ["before the empty line", "one‖\n\ntwo", "<p>one</p>‖<p>two</p>"],
    ["in a list", "- a ‖b\n- c\n\nafter", "<ul><li>a b</li><li>c</li></ul>‖<p>after</p>"],
    ["between the items of a list", "- a\n‖- b\n\nafter", "<ul><li>a</li><li>b</li></ul>‖<p>after</p>"],
    ["in a quote", "> a ‖b\n\nafter", "<blockquote><p>a b</p></blockquote>‖<p>after</p>"],
    ["in a heading", "# a ‖b\n\nafter", "<h2>a b</h2>‖<p>after</p>"],
    ["in a rule's characters", "a\n\n-‖--\n\nb", "<p>a</p><hr>‖<p>b</p>"],
    [
      "in an address's definition",
      "[a]\n\n[a]: https://e‖.example\n\nb",
      '<p><a href="https://e.example" title="https://e.example">a</a></p>‖<p>b</p>',
    ],
    [
      "in an address",
      "see https://exam‖ple.com/a, b",
      '<p>see <a href="https://example.com/a" title="https://example.com/a">https://example.com/a</a></p>‖<p>, b</p>',
    ],
  ])("%s", (_, torn, html) => {
    expect(painted(torn).replaceAll(/>\n/g, ">")).toBe(html.replaceAll(/>\n/g, ">"));
  });

  it("in a link's words splits the link, and both halves lead there", () => {
    const link = '<a href="https://e.example" title="https://e.example">';
    expect(painted("[one ‖two](https://e.example) b")).toBe(`<p>${link}one </a></p>‖<p>${link}two</a> b</p>`);
    expect(painted("[one](https://‖e.example) b")).toBe(`<p>${link}one</a></p>‖<p> b</p>`);
    expect(painted("![one ‖two](https://e.example) b")).toBe(`<p>${link}[image: one two]</a></p>‖<p> b</p>`);
  });

  it("in code leaves the block whole, which can be copied without the note", () => {
    const { text, seams } = textOf("before\n\n```ts\nconst ‖a = 1;\n```\n\nafter");
    const into = document.createElement("div");
    new Painter(into).paint(text, true, seams);
    expect([...into.children].map(({ className, localName }) => className || localName)).toEqual([
      "p",
      "sy-code",
      "sy-note sy-note--seam",
      "p",
    ]);
    expect(into.querySelectorAll("figure code")[0]?.textContent).toBe("const a = 1;");
    expect(into.querySelectorAll(".sy-code button")).toHaveLength(2);
  });

  it("in a table leaves the table whole", () => {
    const into = document.createElement("div");
    const { text, seams } = textOf("| a | b |\n|---|---|\n| 1 | ‖2 |\n| 3 | 4 |\n\nafter");
    new Painter(into).paint(text, true, seams);
    expect([...into.children].map(({ className, localName }) => className || localName)).toEqual([
      "sy-scroll",
      "sy-note sy-note--seam",
      "p",
    ]);
    expect(into.querySelectorAll("tr")).toHaveLength(3);
  });

  it("says its words as they are, not as Markdown or HTML", () => {
    const into = document.createElement("div");
    new Painter(into).paint("one two", true, [{ at: 4, words: "*a* <b>&amp;</b> broke" }]);
    expect(into.querySelector(".sy-note--seam")?.textContent).toBe("*a* <b>&amp;</b> broke");
  });
});

describe("a torn text as it grows", () => {
  it("is shown at every letter as a text that is whole, its notes at their places, nothing of it twice", () => {
    const text = fc
      .array(fc.constantFrom(...corpus), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("\n\n"))
      // What is defined late takes effect at the end only.
      .filter((each) => !each.includes("]:"));
    const places = fc.array(fc.nat(600), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(text, places, (whole, at) => {
        const seams = [...new Set(at.map((each) => Math.min(each, whole.length)))]
          .sort((a, b) => a - b)
          .map((each, index) => ({ at: each, words: `note ${index}` }));
        const into = document.createElement("div");
        const painter = new Painter(into);
        const ends = [...seams.flatMap((seam) => [seam.at, seam.at + 1, seam.at + 7]), whole.length];
        for (const end of ends.sort((a, b) => a - b)) {
          const soFar = whole.slice(0, end);
          const known = seams.filter((seam) => seam.at <= end);
          painter.paint(soFar, false, known);
          const full = document.createElement("div");
          new Painter(full).paint(soFar, true, known);
          expect(bare(into), JSON.stringify([soFar, known])).toEqual(bare(full));
          expect(into.querySelectorAll(".sy-note--seam")).toHaveLength(known.length);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("leaves what stands before the note as it is", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("first\n\nsecond **half", false);
    const [first] = into.children;
    const seam = { at: 20, words: "note" };
    painter.paint("first\n\nsecond **half", false, [seam]);
    painter.paint("first\n\nsecond **half** and rest\n\nthird", false, [seam]);
    painter.paint("first\n\nsecond **half** and rest\n\nthird", true, [seam]);
    expect(into.children[0]).toBe(first);
    expect([...into.children].map(({ textContent }) => textContent)).toEqual([
      "first",
      "second half",
      "note",
      " and rest",
      "third",
    ]);
  });

  it("takes a new name of a model into a note that stands already, and a note away with the text it is of", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("a\n\nb\n\nc", false, [{ at: 1, words: "gpt-4o" }]);
    painter.paint("a\n\nb\n\nc", false, [{ at: 1, words: "azure/gpt-4o" }]);
    expect(into.querySelector(".sy-note--seam")?.textContent).toBe("azure/gpt-4o");
    painter.paint("", false, []);
    painter.paint("a\n\nb", true, []);
    expect(into.querySelector(".sy-note--seam")).toBeNull();
  });

  it("takes a note even where it is told of late", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("a\n\nb\n\nc\n\nd", false, []);
    painter.paint("a\n\nb\n\nc\n\nd", false, [{ at: 1, words: "note" }]);
    expect(into.textContent).toBe("anotebcd");
  });
});

/** What is on the screen, its dress (tools, colours) taken off. */
function bare(element: Element): readonly string[] {
  const copy = document.createElement("div");
  copy.innerHTML = element.innerHTML;
  for (const tools of copy.querySelectorAll(".sy-tools")) tools.remove();
  for (const code of copy.querySelectorAll("code")) code.textContent = code.textContent.slice();
  return [...copy.children].map(({ localName, className, textContent }) =>
    [localName, className, textContent].join(" "),
  );
}
