import { beforeAll, describe, expect, it, vi } from "vitest";
import { Painter } from "../painter.ts";
import { loadFormulas } from "./shownFormulas.ts";

function painted(text: string): Element {
  const into = document.createElement("div");
  new Painter(into).paint(text, true);
  return into;
}

const math = (into: Element) => [...into.querySelectorAll("math")];

it("shows a formula as it was written until the library is loaded, and then as MathML", async () => {
  // The test files share modules, and another one may have loaded the library.
  vi.resetModules();
  const [{ Painter: NewPainter }, formulas] = await Promise.all([
    import("../painter.ts"),
    import("./shownFormulas.ts"),
  ]);
  const into = document.createElement("div");
  new NewPainter(into).paint("So $x^2$ is", true);
  expect(into.textContent).toBe("So $x^2$ is");
  await formulas.loadFormulas();
  expect(into.querySelector("p math msup")?.textContent).toBe("x2");
});

describe("when the library is loaded", () => {
  beforeAll(loadFormulas);

  it.each([
    ["a $x$ b", null],
    [String.raw`a \(x\) b`, null],
    ["a $$x$$ b", "block"],
    [String.raw`a \[x\] b`, "block"],
    ["$$\nx\n$$", "block"],
    ["a\n\\[\nx\n\\]\nb", "block"],
    ["- $x$", null],
    ["| a |\n|-|\n| $x$ |", null],
    ["> $$\n> x\n> $$", "block"],
  ])("shows the formula of %j", (text, display) => {
    const [formula, ...others] = math(painted(text));
    expect(others).toEqual([]);
    expect(formula?.textContent).toBe("x");
    expect(formula?.getAttribute("display")).toBe(display);
    expect(formula?.querySelector("annotation")).toBeNull();
  });

  it.each([String.raw`$\frac{1}{$`, String.raw`\(\unknown{x}\)`, "$x", "$$\nx", "`$x$`", String.raw`\$x\$`])(
    "shows what is wrong, open, code or escaped as text: %s",
    (text) => {
      const into = painted(text);
      expect(math(into)).toEqual([]);
      expect(into.textContent).toBe(text.replaceAll(/`|\\(?=\$)/g, ""));
    },
  );

  it("shows a formula from when it is closed, and never again as text", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    const text = "The sum $a_1 + b$ and $c$ grows\nby $$d$$.";
    let first: Element | undefined;
    for (let end = 1; end <= text.length; end++) {
      painter.paint(text.slice(0, end), false);
      const closed = text.slice(0, end).indexOf("b$") >= 0;
      expect(math(into).length > 0).toBe(closed);
      first ??= math(into)[0];
      if (closed) expect(math(into)[0]).toBe(first);
    }
    painter.paint(text, true);
    expect(math(into)).toHaveLength(3);
    expect(math(into)[0]).toBe(first);
  });

  it("keeps the source for a selection, hidden from screen readers", () => {
    const source = painted("a $x^2$ b").querySelector(".sy-formula-source");
    expect(source?.textContent).toBe("$x^2$");
    expect(source?.getAttribute("aria-hidden")).toBe("true");
  });

  it.each([
    String.raw`$\href{javascript:alert(1)}{x}$`,
    String.raw`$\url{https://evil.example}$`,
    String.raw`$\includegraphics{https://evil.example/p.png}$`,
    String.raw`$\htmlStyle{position:fixed}{x} \htmlId{app}{x} \htmlClass{sy-chat}{x} \htmlData{act=insert}{x}$`,
    String.raw`$\text{<img src=x onerror=alert(1)>}$`,
    String.raw`$\rule{99999em}{99999em} \kern{9999em} \hspace{9999em} x$`,
    String.raw`$\def\a{\a\a}\a$`,
    String.raw`$\def\a{xxxxxxxxxx}\def\b{\a\a\a\a\a\a\a\a\a\a}\def\c{\b\b\b\b\b\b\b\b\b\b}\def\d{\c\c\c\c\c\c\c\c\c\c}\d$`,
    `$${"{".repeat(4000)}$`,
    `$${String.raw`\sqrt{`.repeat(800)}x${"}".repeat(800)}$`,
    `$${"x".repeat(20_000)}$`,
  ])("makes nothing that runs, fetches, styles or fills the page: %#", (text) => {
    const into = painted(`before ${text} after`);
    const allowed = /^(?:math|semantics|m[a-z]+|p|span)$/;
    for (const element of into.querySelectorAll("*")) {
      expect(element.localName).toMatch(allowed);
      for (const { name, value } of element.attributes) {
        expect(name).not.toMatch(/^(?:on|style|href|src|id|data)/);
        for (const size of value.match(/[\d.]+(?=em)/g) ?? []) expect(Number(size)).toBeLessThanOrEqual(20);
      }
    }
    expect(into.querySelector("math img, img")).toBeNull();
    expect(into.textContent.startsWith("before ")).toBe(true);
  });
});
