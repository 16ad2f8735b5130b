import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hostileMarkdown, markdownSamples } from "../../../test/support/views/markdownSamples.ts";
import { propertyTimeoutMs } from "../../../test/support/views/markdownTests.ts";
import { Painter } from "./painter.ts";

const allowedTags = new Set(
  (
    "div p br hr em strong s code pre blockquote ul ol li a span h2 h3 h4 table thead tbody tr th td " +
    "figure figcaption button kbd sub sup details summary section input"
  ).split(" "),
);
const allowedAttributes = new Set(
  "href title class start id open dir checked scope role tabindex type aria-label aria-hidden aria-haspopup aria-expanded disabled data-act".split(
    " ",
  ),
);

/** Paints a text that grows by `step` letters, and returns every node that could run, fetch, post, style or navigate. */
function dangers(text: string, step: number): string[] {
  const into = document.createElement("div");
  const painter = new Painter(into);
  for (let end = 1; end <= text.length; end += step) painter.paint(text.slice(0, end), false);
  painter.paint(text, true);
  // What formulas may contain is tested with them (shownFormulas.test.ts).
  for (const math of into.querySelectorAll(".sy-formula > math")) math.remove();
  return [...into.querySelectorAll("*")].flatMap((element) => [
    ...(allowedTags.has(element.localName) ? [] : [element.outerHTML]),
    ...[...element.attributes].flatMap(({ name, value }) =>
      allowedAttributes.has(name) && (name !== "href" || isAllowed(value, element))
        ? []
        : [`${name}=${value}`],
    ),
    ...(element.localName !== "input" || isCheckbox(element) ? [] : [element.outerHTML]),
    // Buttons come only from the view itself, in the header of a code block.
    ...(element.localName !== "button" || element.closest(".sy-code-head") ? [] : [element.outerHTML]),
  ]);
}

/** The web, mail, and the footnotes that the view has made itself. */
function isAllowed(href: string, link: Element): boolean {
  return (
    /^(https?|mailto):/.test(href) || (href.startsWith("#sy-fn-") && link.className.startsWith("sy-footnote"))
  );
}

function isCheckbox(element: Element): boolean {
  return element instanceof HTMLInputElement && element.type === "checkbox" && element.disabled;
}

describe("hostile Markdown", () => {
  it.each(hostileMarkdown)("leaves nothing that runs or fetches: %s", (text) => {
    expect(dangers(text, 7)).toEqual([]);
  });

  it("leaves nothing that runs or fetches, however it is nested", { timeout: propertyTimeoutMs }, () => {
    const wrap = fc.constantFrom("> ", "- ", "1. ", "# ", "    ", "| ", "```html\n", "[", "![", "**", "");
    const part = fc.tuple(wrap, fc.constantFrom(...hostileMarkdown, ...markdownSamples));
    fc.assert(
      fc.property(
        fc.array(part, { minLength: 1, maxLength: 4 }),
        fc.integer({ min: 20, max: 120 }),
        (parts, step) => {
          expect(dangers(parts.map(([before, text]) => before + text).join("\n"), step)).toEqual([]);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("shows the text of a forbidden link and of an image", () => {
    const into = document.createElement("div");
    new Painter(into).paint("[here](command:x) ![a cat](https://example.com/cat.png) ![](data:x)", true);
    expect(into.textContent).toBe("here [image: a cat] [image: ]");
    expect([...into.querySelectorAll("a")].map((link) => link.href)).toEqual(["https://example.com/cat.png"]);
  });
});
