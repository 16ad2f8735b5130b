import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { markdownSamples } from "../../../test/support/views/markdownSamples.ts";
import { keepCodePlain, propertyTimeoutMs } from "../../../test/support/views/markdownTests.ts";
import { Painter } from "./painter.ts";

/** Paints a growing text, then the last text as complete. */
function painted(...texts: readonly string[]): Element {
  const into = document.createElement("div");
  const painter = new Painter(into);
  for (const text of texts) painter.paint(text, false);
  painter.paint(texts.at(-1) ?? "", true);
  return into;
}

/** Paints a whole text once, which no earlier text has gone before. */
function fullRender(text: string): Element {
  const into = document.createElement("div");
  new Painter(into).paint(text, true);
  return into;
}

/** The prefixes of a text up to the given places, and the text. */
function growing(text: string, places: readonly number[]): string[] {
  const cuts = [...new Set(places.map((place) => Math.min(place, text.length)))].sort((a, b) => a - b);
  return [...cuts.map((end) => text.slice(0, end)), text];
}

/** A copy of what is shown. */
function copyOf(element: Element): Element {
  const copy = element.cloneNode(true);
  if (!(copy instanceof Element)) throw new Error("The copy of an element is an element");
  return copy;
}

/** Removes the buttons and colours of finished code. @returns the element */
function undecorated(element: Element): Element {
  for (const tools of element.querySelectorAll(".sy-tools")) tools.remove();
  for (const code of element.querySelectorAll("code")) code.textContent = code.textContent.slice();
  return element;
}

/** Expects the same nodes; attributes may be in any order. `source`: the Markdown, for the message. */
function expectSameNodes(actual: Element, expected: Element, source: string): void {
  // Writing HTML for a message takes longer than the comparison.
  if (actual.isEqualNode(expected)) return;
  expect(actual.innerHTML, source).toBe(expected.innerHTML);
  throw new Error(`Different nodes with the same HTML: ${source}`);
}

afterEach(() => vi.unstubAllGlobals());

describe("painting a growing text", () => {
  it("ends with the result of a full render, wherever the text was cut", {
    timeout: propertyTimeoutMs,
  }, () => {
    const text = fc
      .array(fc.constantFrom(...markdownSamples), { minLength: 1, maxLength: 3 })
      .map((parts) => parts.join("\n\n"));
    fc.assert(
      fc.property(text, fc.array(fc.nat(600), { maxLength: 6 }), (complete, places) => {
        expectSameNodes(
          painted(...growing(complete, places)),
          fullRender(complete),
          JSON.stringify(complete),
        );
      }),
      { numRuns: 150 },
    );
  });

  it.each(["", "\n\n[late]: https://example.com"])(
    "puts the blocks of a long answer in the same parts: %j",
    (ending) => {
      const blocks = Array.from({ length: 30 }, (_, n) => markdownSamples[n % 3] ?? "");
      const text = blocks.map((block, n) => `${block}\n\nParagraph ${n} [late]`).join("\n\n") + ending;
      fc.assert(
        fc.property(fc.integer({ min: 100, max: 900 }), (step) => {
          const places = Array.from({ length: Math.floor(text.length / step) }, (_, n) => n * step);
          const shown = painted(...growing(text, places));
          expectSameNodes(shown, fullRender(text), `${step}`);
          const parts = [...shown.querySelectorAll(":scope > .sy-md-part")];
          expect(parts.length).toBeGreaterThan(2);
          expect(
            Math.max(shown.childElementCount - parts.length, ...parts.map((part) => part.childElementCount)),
          ).toBe(16);
        }),
        { numRuns: 2 },
      );
    },
  );

  it("removes a part with its last block", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    const text = "word\n\n".repeat(16);
    painter.paint(`${text}new`, false);
    expect(into.querySelectorAll(".sy-md-part").length).toBe(1);
    // The line becomes the definition of a link, which shows nothing.
    painter.paint(`${text}[new]: https://example.com\n`, true);
    expect(into.querySelectorAll(".sy-md-part").length).toBe(0);
    expect(into.childElementCount).toBe(16);
  });

  // Late link definitions and footnotes take effect only when the text is complete.
  it.each(markdownSamples.filter((text) => !/\]:|\^\[/.test(text)))(
    "shows at every letter what a full render of the text so far shows: %j",
    (text) => {
      keepCodePlain();
      const into = document.createElement("div");
      const painter = new Painter(into);
      for (let end = 1; end <= text.length; end++) {
        const soFar = text.slice(0, end);
        painter.paint(soFar, false);
        expectSameNodes(undecorated(copyOf(into)), undecorated(fullRender(soFar)), JSON.stringify(soFar));
      }
    },
  );

  it("never touches a finished block again", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    const text = `${markdownSamples.slice(0, 7).join("\n\n")}\n\nand more`;
    painter.paint(text, false);
    const finished = [...into.children].slice(0, -1);
    painter.paint(`${text} and more\n\n- and a list`, false);
    painter.paint(`${text} and more\n\n- and a list`, true);
    expect([...into.children].slice(0, finished.length)).toEqual(finished);
  });

  it("turns a reference into a link when its definition comes last", () => {
    const text = "see [the docs][d]\n\nmore\n\n[d]: https://example.com/docs";
    const into = painted(...growing(text, [5, 20, 30, 45]));
    expect(into.querySelector("a")?.getAttribute("href")).toBe("https://example.com/docs");
  });

  it("uses a link definition only when its line is complete", () => {
    const text = "[d]: https://example.com/docs\n\n[d] here\n\nand [d] there\n\nend";
    const into = document.createElement("div");
    const painter = new Painter(into);
    for (const grown of growing(text, [12, 20, 35, 45, 60])) painter.paint(grown, false);
    expect([...into.querySelectorAll("a")].map((link) => link.href)).toEqual(
      Array(2).fill("https://example.com/docs"),
    );
  });

  it("starts again when the text is retracted", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("# First\n\nattempt", false);
    painter.paint("", false);
    painter.paint("second", true);
    expect(into.innerHTML).toBe('<p dir="auto">second</p>');
  });

  it("keeps the buttons of growing code, and enables all but Copy when it is finished", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    const buttons = () => [...into.querySelectorAll("button")];
    painter.paint("```ts\nconst", false);
    const early = buttons();
    expect(early.map((button) => button.getAttribute("aria-label"))).toEqual([
      "Copy",
      "Insert at cursor",
      "Apply as a diff",
      "More: create file",
    ]);
    painter.paint("```ts\nconst a = 1;", false);
    expect(buttons()).toEqual(early);
    expect(early.map(({ disabled }) => disabled)).toEqual([false, true, true, true]);
    painter.paint("```ts\nconst a = 1;\n```\n\nafter\n", false);
    expect(buttons()).toEqual(early);
    expect(early.map(({ disabled }) => disabled)).toEqual([false, false, false, false]);
  });

  it("colours finished code", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("```ts\nconst a = 1;\n```\n\nafter\n", false);
    expect(into.querySelector("code")?.innerHTML).toContain('<span class="sy-tok-k">const</span>');
    expect(into.querySelector("code")?.textContent).toBe("const a = 1;");
  });

  it("colours code far outside the view only when it comes near", async () => {
    const seen: (() => void)[] = [];
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        readonly #callback: IntersectionObserverCallback;
        constructor(callback: IntersectionObserverCallback) {
          this.#callback = callback;
        }
        observe(target: Element) {
          const entry = { isIntersecting: true, target } as unknown as IntersectionObserverEntry;
          seen.push(() => this.#callback([entry], this as unknown as IntersectionObserver));
        }
        unobserve() {}
      },
    );
    // All elements of a page have one observer: modules that are loaded again make theirs with the class above.
    vi.resetModules();
    const { Painter: PainterOfPage } = await import("./painter.ts");
    const into = document.createElement("div");
    new PainterOfPage(into).paint("```ts\nconst a = 1;\n```", true);
    expect(into.querySelector("code")?.innerHTML).toBe("const a = 1;");
    for (const see of seen) see();
    expect(into.querySelector("code")?.innerHTML).toContain("sy-tok-k");
  });

  it("aligns the columns of a table without a style attribute", () => {
    const into = painted("| a | b |\n|---|--:|\n| 1 | 2 |");
    expect(into.innerHTML).not.toContain("style");
    expect(into.querySelectorAll(".sy-align-right")).toHaveLength(2);
    expect(into.querySelector("th")?.getAttribute("scope")).toBe("col");
  });

  it("starts headings at level 2 and skips no level", () => {
    const into = painted("### A\n\n##### B\n\n### C\n\n# D\n\n## E\n\n### F\n\n#### G");
    expect([...into.children].map((heading) => heading.localName)).toEqual([
      "h2",
      "h3",
      "h2",
      "h2",
      "h3",
      "h4",
      "h4",
    ]);
  });

  it.each([
    ["ts src/http/retry.ts", "src/http/retry.ts", "language-ts"],
    ["ts:src/retry.ts", "src/retry.ts", "language-ts"],
    ['tsx title="App.tsx"', "App.tsx", "language-tsx"],
    ["src/main.rs", "src/main.rs", "language-rs"],
    ["Python", "python", "language-python"],
    ["", "", ""],
  ])("names the code block of ```%s", (info, name, language) => {
    const into = painted(`\`\`\`${info}\ncode\n\`\`\``);
    expect(into.querySelector(".sy-code-name")?.textContent).toBe(name);
    expect(into.querySelector("code")?.className).toBe(language);
  });
});
