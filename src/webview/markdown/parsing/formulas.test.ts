import { describe, expect, it } from "vitest";
import { Painter } from "../painter.ts";

/** What is shown of a text, with its formulas as they were written. */
function painted(text: string): Element {
  const into = document.createElement("div");
  new Painter(into).paint(text, true);
  for (const math of into.querySelectorAll("math")) math.remove();
  for (const source of into.querySelectorAll(".sy-formula-source")) source.replaceWith(source.textContent);
  return into;
}

describe("a formula", () => {
  it.each([
    String.raw`\(a*b*c \\ \{x_1\}\)`,
    String.raw`\[x_1*y_2*z\]`,
    "$a*b*c$",
    "$$q*r*s$$",
    String.raw`\(unclosed`,
    String.raw`closed only\]`,
    "$$",
  ])("is text as it was written within a paragraph: %s", (formula) => {
    const paragraph = painted(`The *formula* ${formula} and __more__`).querySelector("p");
    expect(paragraph?.textContent).toBe(`The formula ${formula} and more`);
    expect([...(paragraph?.querySelectorAll("em, strong") ?? [])]).toHaveLength(2);
  });

  it.each([
    "\\[\n\\begin{aligned}\na &= b*c* \\\\\n- d \\\\\n\\end{aligned}\n\\]",
    "$$\nx\n=\n> y\n# z\n$$",
    "$$\\frac{a}{b}$$",
    "\\[\n1. unclosed",
  ])("is shown line by line where it stands by itself: %j", (formula) => {
    for (const text of [`${formula}\n\nand *more*`, `Thus:\n${formula}\n\nand *more*`]) {
      const into = painted(text);
      expect(into.querySelector(".sy-formula, .sy-open-formula")?.textContent).toBe(formula);
      expect(into.lastElementChild?.innerHTML).toBe("and <em>more</em>");
    }
  });

  it("ends with the list item that holds it", () => {
    const into = painted("1. so\n   $$\n   a*b*c\n   $$\n2. *next*");
    expect(into.querySelector("li .sy-formula")?.textContent).toBe("$$\na*b*c\n$$");
    expect(into.querySelector("li + li em")?.textContent).toBe("next");
  });

  it("may hold HTML, which is shown as text", () => {
    expect(painted("$$\n<img src=x>\n$$").querySelector("p")?.innerHTML).toBe("$$\n&lt;img src=x&gt;\n$$");
  });
});

describe("a dollar sign", () => {
  it.each([
    ["$5 *or* $6", "$5 <em>or</em> $6"],
    ["$10-$20 *a*", "$10-$20 <em>a</em>"],
    ["$A/*b*/$C", "$A/<em>b</em>/$C"],
    ["US$5 *or* US$6, $5-$6", "US$5 <em>or</em> US$6, $5-$6"],
    ["5$ *or* 6$, 5$-6$", "5$ <em>or</em> 6$, 5$-6$"],
    ["$20,000 *and* a 30$ fee", "$20,000 <em>and</em> a 30$ fee"],
    ["$HOME/bin:$PATH $(b) $1 $?", "$HOME/bin:$PATH $(b) $1 $?"],
    ["`$a` *and* `$b`", '<code dir="ltr">$a</code> <em>and</em> <code dir="ltr">$b</code>'],
    [String.raw`\$a *b* c$`, "$a <em>b</em> c$"],
  ])("of a price, a variable or code begins no formula: %s", (text, html) => {
    expect(painted(text).querySelector("p")?.innerHTML).toBe(html);
  });
});

it("shows thousands of delimiters without a counterpart", () => {
  for (const delimiter of ["\\(", "\\[", "$a ", "$$ a ", "\\( $", "$$\n"]) {
    expect(painted(delimiter.repeat(3_000)).textContent.length).toBeGreaterThan(3_000);
  }
});
