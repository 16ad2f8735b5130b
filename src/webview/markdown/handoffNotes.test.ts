import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { markdownSamples } from "../../../test/support/views/markdownSamples.ts";
import { keepCodePlain, propertyTimeoutMs } from "../../../test/support/views/markdownTests.ts";
import type { HandoffNote } from "./handoffNotes.ts";
import { Painter } from "./painter.ts";

const noteHtml = (text: string) =>
  '<p class="sy-note sy-note--handoff"><span class="codicon codicon-debug-disconnect" aria-hidden="true"></span>' +
  `<span>${text}</span></p>`;

/** The HTML of a text with a note at each `‖`, without the directions of its parts. Notes are shown as ‖. */
function painted(marked: string): string {
  const { text, notes } = textAndNotes(marked);
  const into = document.createElement("div");
  new Painter(into).paint(text, true, notes);
  const shown = into.innerHTML.replaceAll(/ dir="\w+"/g, "");
  return notes.reduce((html, note) => html.replace(noteHtml(note.text), "‖"), shown);
}

function textAndNotes(marked: string): { readonly text: string; readonly notes: readonly HandoffNote[] } {
  const parts = marked.split("‖");
  const notes = parts
    .slice(0, -1)
    .map((_, index) => ({ at: parts.slice(0, index + 1).join("").length, text: `note ${index}` }));
  return { text: parts.join(""), notes };
}

afterEach(() => vi.unstubAllGlobals());

describe("a handoff note", () => {
  it.each([
    ["in a sentence", "one ‖two", "<p>one </p>‖<p>two</p>"],
    ["in a word", "o‖ne two", "<p>o</p>‖<p>ne two</p>"],
    ["in strong text", "a **b ‖c** d", "<p>a <strong>b </strong></p>‖<p><strong>c</strong> d</p>"],
    ["in the second line", "  one\ntwo ‖three\r\nfour", "<p>one\ntwo </p>‖<p>three\nfour</p>"],
    ["in the third line", "a\r\nb\r\nc‖d\r\n\r\ne", "<p>a\nb\nc</p>‖<p>d</p>\n<p>e</p>"],
    ["twice in a sentence", "one ‖two ‖three", "<p>one </p>‖<p>two </p>‖<p>three</p>"],
    ["twice at one place", "one ‖‖two", "<p>one </p>‖‖<p>two</p>"],
    ["after inline code that it falls into", "a `b‖c` d", "<p>a <code>bc</code></p>‖<p> d</p>"],
    ["after an entity that it falls into", "a &am‖p; b", "<p>a &amp;</p>‖<p> b</p>"],
    ["at the text's end", "one two‖", "<p>one two</p>‖"],
    ["at the end of strong text that ends the paragraph", "**one‖**", "<p><strong>one</strong></p>‖"],
    ["at the start of strong text that starts the paragraph", "**‖one**", "‖<p><strong>one</strong></p>"],
    ["at the text's beginning", "‖one", "‖<p>one</p>"],
    ["between paragraphs", "one\n\n‖two", "<p>one</p>‖<p>two</p>"],
    ["before the empty line", "one‖\n\ntwo", "<p>one</p>‖<p>two</p>"],
    [
      "after a list that it falls into",
      "- a ‖b\n- c\n\nafter",
      "<ul><li>a b</li><li>c</li></ul>‖<p>after</p>",
    ],
    [
      "after a list where it falls between items",
      "- a\n‖- b\n\nafter",
      "<ul><li>a</li><li>b</li></ul>‖<p>after</p>",
    ],
    [
      "after a quote that it falls into",
      "> a ‖b\n\nafter",
      "<blockquote><p>a b</p></blockquote>‖<p>after</p>",
    ],
    ["after a heading that it falls into", "# a ‖b\n\nafter", "<h2>a b</h2>‖<p>after</p>"],
    ["after a rule that it falls into", "a\n\n-‖--\n\nb", "<p>a</p><hr>‖<p>b</p>"],
    [
      "after a paragraph, where it falls into a link definition",
      "[a]\n\n[a]: https://e‖.example\n\nb",
      '<p><a href="https://e.example" title="https://e.example">a</a></p>‖<p>b</p>',
    ],
    [
      "after an address that it falls into",
      "see https://exam‖ple.com/a, b",
      '<p>see <a href="https://example.com/a" title="https://example.com/a">https://example.com/a</a></p>‖<p>, b</p>',
    ],
  ])("is shown %s", (_, marked, html) => {
    expect(painted(marked).replaceAll(/>\n/g, ">")).toBe(html.replaceAll(/>\n/g, ">"));
  });

  it("splits a link if it is inside the link's text, and both halves keep the address", () => {
    const link = '<a href="https://e.example" title="https://e.example">';
    expect(painted("[one ‖two](https://e.example) b")).toBe(`<p>${link}one </a></p>‖<p>${link}two</a> b</p>`);
    expect(painted("[one](https://‖e.example) b")).toBe(`<p>${link}one</a></p>‖<p> b</p>`);
    expect(painted("![one ‖two](https://e.example) b")).toBe(`<p>${link}[image: one two]</a></p>‖<p> b</p>`);
  });

  it("leaves a code block in one piece, and out of what is copied", () => {
    const { text, notes } = textAndNotes("before\n\n```ts\nconst ‖a = 1;\n```\n\nafter");
    const into = document.createElement("div");
    new Painter(into).paint(text, true, notes);
    expect([...into.children].map(({ className, localName }) => className || localName)).toEqual([
      "p",
      "sy-code",
      "sy-note sy-note--handoff",
      "p",
    ]);
    expect(into.querySelectorAll("figure code")[0]?.textContent).toBe("const a = 1;");
    expect(into.querySelectorAll(".sy-code .sy-tools")).toHaveLength(1);
  });

  it("leaves a table in one piece", () => {
    const into = document.createElement("div");
    const { text, notes } = textAndNotes("| a | b |\n|---|---|\n| 1 | ‖2 |\n| 3 | 4 |\n\nafter");
    new Painter(into).paint(text, true, notes);
    expect([...into.children].map(({ className, localName }) => className || localName)).toEqual([
      "sy-scroll",
      "sy-note sy-note--handoff",
      "p",
    ]);
    expect(into.querySelectorAll("tr")).toHaveLength(3);
  });

  it("shows its text as plain text, not as Markdown or HTML", () => {
    const into = document.createElement("div");
    new Painter(into).paint("one two", true, [{ at: 4, text: "*a* <b>&amp;</b> broke" }]);
    expect(into.querySelector(".sy-note--handoff")?.textContent).toBe("*a* <b>&amp;</b> broke");
  });
});

describe("a growing text with handoff notes", () => {
  it("equals a full render of the text so far at every step, with each note once", {
    timeout: propertyTimeoutMs,
  }, () => {
    keepCodePlain();
    const text = fc
      .array(fc.constantFrom(...markdownSamples), { minLength: 1, maxLength: 2 })
      .map((parts) => parts.join("\n\n"))
      // Late link definitions take effect only when the text is complete.
      .filter((each) => !each.includes("]:"));
    const places = fc.array(fc.nat(400), { minLength: 1, maxLength: 2 });
    fc.assert(
      fc.property(text, places, (whole, at) => {
        const notes = [...new Set(at.map((each) => Math.min(each, whole.length)))]
          .sort((a, b) => a - b)
          .map((each, index) => ({ at: each, text: `note ${index}` }));
        const into = document.createElement("div");
        const painter = new Painter(into);
        const ends = [...notes.flatMap((note) => [note.at, note.at + 1]), whole.length];
        for (const end of ends.sort((a, b) => a - b)) {
          const soFar = whole.slice(0, end);
          const known = notes.filter((note) => note.at <= end);
          painter.paint(soFar, false, known);
          const full = document.createElement("div");
          new Painter(full).paint(soFar, true, known);
          expect(shown(into), JSON.stringify([soFar, known])).toEqual(shown(full));
          expect(into.querySelectorAll(".sy-note--handoff")).toHaveLength(known.length);
        }
      }),
      { numRuns: 150 },
    );
  });

  it("keeps the blocks before the note", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("first\n\nsecond **half", false);
    const [first] = into.children;
    const note = { at: 20, text: "note" };
    painter.paint("first\n\nsecond **half", false, [note]);
    painter.paint("first\n\nsecond **half** and rest\n\nthird", false, [note]);
    painter.paint("first\n\nsecond **half** and rest\n\nthird", true, [note]);
    expect(into.children[0]).toBe(first);
    expect([...into.children].map(({ textContent }) => textContent)).toEqual([
      "first",
      "second half",
      "note",
      " and rest",
      "third",
    ]);
  });

  it("updates a note whose model is renamed, and removes it with its text", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("a\n\nb\n\nc", false, [{ at: 1, text: "gpt-4o" }]);
    painter.paint("a\n\nb\n\nc", false, [{ at: 1, text: "azure/gpt-4o" }]);
    expect(into.querySelector(".sy-note--handoff")?.textContent).toBe("azure/gpt-4o");
    painter.paint("", false, []);
    painter.paint("a\n\nb", true, []);
    expect(into.querySelector(".sy-note--handoff")).toBeNull();
  });

  it("shows a note that arrives late", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("a\n\nb\n\nc\n\nd", false, []);
    painter.paint("a\n\nb\n\nc\n\nd", false, [{ at: 1, text: "note" }]);
    expect(into.textContent).toBe("anotebcd");
  });
});

/** The blocks that are shown, without buttons and colours. */
function shown(element: Element): readonly string[] {
  return [...element.children].map(({ localName, className, textContent }) =>
    [localName, className, textContent].join(" "),
  );
}
