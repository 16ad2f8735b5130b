import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { corpus } from "./corpus.ts";
import { Painter } from "./painter.ts";

function painted(...texts: readonly string[]): Element {
  const into = document.createElement("div");
  const painter = new Painter(into);
  for (const text of texts) painter.paint(text, false);
  painter.paint(texts.at(-1) ?? "", true);
  return into;
}

/** A text as it grows, cut at the given places. */
function growing(text: string, places: readonly number[]): string[] {
  const cuts = [...new Set(places.map((place) => Math.min(place, text.length)))].sort((a, b) => a - b);
  return [...cuts.map((end) => text.slice(0, end)), text];
}

/** What is on the screen, its dress (labels, tools, colours) taken off. */
function bare(element: Element): string {
  const copy = document.createElement("div");
  copy.innerHTML = element.innerHTML;
  for (const tools of copy.querySelectorAll(".sy-tools")) tools.remove();
  for (const code of copy.querySelectorAll("code")) code.textContent = code.textContent.slice();
  return canonical(copy);
}

/** The HTML of an element, with attributes in one order: which was set first shows nowhere. */
function canonical(element: Element): string {
  const copy = document.createElement("div");
  copy.innerHTML = element.innerHTML;
  for (const each of copy.querySelectorAll("*")) {
    const attributes = [...each.attributes].sort((a, b) => a.name.localeCompare(b.name));
    for (const { name } of attributes) each.removeAttribute(name);
    for (const { name, value } of attributes) each.setAttribute(name, value);
  }
  return copy.innerHTML;
}

afterEach(() => vi.unstubAllGlobals());

describe("painting a growing text", () => {
  it("ends with what a full render gives, wherever the text was cut", () => {
    const text = fc
      .array(fc.constantFrom(...corpus), { minLength: 1, maxLength: 5 })
      .map((parts) => parts.join("\n\n"));
    fc.assert(
      fc.property(text, fc.array(fc.nat(1500), { maxLength: 30 }), (whole, places) => {
        expect(canonical(painted(...growing(whole, places)))).toBe(canonical(painted(whole)));
      }),
      { numRuns: 150 },
    );
  });

  it.each(corpus)("shows at every letter what a full render of so much gives: %j", (text) => {
    // What is defined late takes effect at the end only.
    if (/\]:/.test(text)) return;
    const into = document.createElement("div");
    const painter = new Painter(into);
    for (let end = 1; end <= text.length; end++) {
      painter.paint(text.slice(0, end), false);
      expect(bare(into), JSON.stringify(text.slice(0, end))).toBe(bare(painted(text.slice(0, end))));
    }
  });

  it("never touches a finished block again", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    const text = `${corpus.slice(0, 7).join("\n\n")}\n\nand more`;
    painter.paint(text, false);
    const finished = [...into.children].slice(0, -1);
    painter.paint(`${text} and more\n\n- and a list`, false);
    painter.paint(`${text} and more\n\n- and a list`, true);
    expect([...into.children].slice(0, finished.length)).toEqual(finished);
  });

  it("brings a link to life whose address comes last", () => {
    const text = "see [the docs][d]\n\nmore\n\n[d]: https://example.com/docs";
    const into = painted(...growing(text, [5, 20, 30, 45]));
    expect(into.querySelector("a")?.getAttribute("href")).toBe("https://example.com/docs");
  });

  it("takes an address only once it is whole", () => {
    const text = "[d]: https://example.com/docs\n\n[d] here\n\nand [d] there\n\nend";
    const into = document.createElement("div");
    const painter = new Painter(into);
    for (const grown of growing(text, [12, 20, 35, 45, 60])) painter.paint(grown, false);
    expect([...into.querySelectorAll("a")].map((link) => link.href)).toEqual(
      Array(2).fill("https://example.com/docs"),
    );
  });

  it("starts anew when the text is taken back", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("# First\n\nattempt", false);
    painter.paint("", false);
    painter.paint("second", true);
    expect(into.innerHTML).toBe("<p>second</p>");
  });

  it("gives finished code its tools and colours, and open code none", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint("```ts\nconst a = 1;", false);
    expect(into.querySelector("button")).toBeNull();
    painter.paint("```ts\nconst a = 1;\n```\n\nafter\n", false);
    expect([...into.querySelectorAll("button")].map((button) => button.getAttribute("aria-label"))).toEqual([
      "Copy",
      "Insert at cursor",
    ]);
    expect(into.querySelector("code")?.innerHTML).toContain('<span class="sy-tok-k">const</span>');
    expect(into.querySelector("code")?.textContent).toBe("const a = 1;");
  });

  it("colours code that is far from sight only when it comes near", () => {
    const seen: (() => void)[] = [];
    vi.stubGlobal(
      "IntersectionObserver",
      class {
        constructor(callback: (entries: { isIntersecting: boolean }[]) => void) {
          seen.push(() => callback([{ isIntersecting: true }]));
        }
        observe() {}
        disconnect() {}
      },
    );
    const into = painted("```ts\nconst a = 1;\n```");
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

  it("lets headings begin below the conversation's own and skip no level", () => {
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
  ])("names the code of ```%s", (info, name, language) => {
    const into = painted(`\`\`\`${info}\ncode\n\`\`\``);
    expect(into.querySelector(".sy-code-name")?.textContent).toBe(name);
    expect(into.querySelector("code")?.className).toBe(language);
  });
});
