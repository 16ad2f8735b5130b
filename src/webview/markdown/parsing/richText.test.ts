import { describe, expect, it } from "vitest";
import { Painter } from "../painter.ts";

function painted(text: string, answerId = "a1"): Element {
  const into = document.createElement("div");
  new Painter(into, answerId).paint(text, true);
  return into;
}

describe("a task list", () => {
  it("has checkboxes that cannot be changed, each with a name", () => {
    const into = painted("- [ ] write\n- [x] **read**\n\n1. [X] loose\n\n2. [ ] items");
    const boxes = [...into.querySelectorAll<HTMLInputElement>("li input[type=checkbox]")];
    expect(boxes.map(({ checked }) => checked)).toEqual([false, true, true, false]);
    expect(boxes.every(({ disabled }) => disabled)).toBe(true);
    expect(boxes.map((box) => box.getAttribute("aria-label"))).toEqual([
      "Incomplete task",
      "Completed task",
      "Completed task",
      "Incomplete task",
    ]);
    expect([...into.querySelectorAll("li")].map((item) => item.textContent.trim())).toEqual([
      "write",
      "read",
      "loose",
      "items",
    ]);
  });

  it.each(["[ ] no item", "- [y] other", "- [x]close", "- [ ](https://example.com)", "- text [x] y"])(
    "is not made of %s",
    (text) => expect(painted(text).querySelector("input")).toBeNull(),
  );
});

describe("HTML in an answer", () => {
  it.each([
    ["H<sub>2</sub>O", "H<sub>2</sub>O"],
    ["<kbd>Ctrl</kbd>+<KBD>*c*</KBD>", "<kbd>Ctrl</kbd>+<kbd><em>c</em></kbd>"],
    ["a<br>b<br/>c", "a<br>\nb<br>\nc"],
    ["<sup>open", "&lt;sup&gt;open"],
    ["close</sub>", "close&lt;/sub&gt;"],
    ["**<kbd>a**</kbd>", "<strong>&lt;kbd&gt;a</strong>&lt;/kbd&gt;"],
    ["<sub><sup>x</sub></sup>", "&lt;sub&gt;<sup>x&lt;/sub&gt;</sup>"],
    ["<kbd class=x>a</kbd>", "&lt;kbd class=x&gt;a&lt;/kbd&gt;"],
    ["<b>a</b> <u>", "&lt;b&gt;a&lt;/b&gt; &lt;u&gt;"],
    ["`<kbd>`", '<code dir="ltr">&lt;kbd&gt;</code>'],
  ])("shows kbd, sub, sup and br, and the rest as text: %s", (text, html) => {
    expect(painted(text).querySelector("p")?.innerHTML).toBe(html);
  });

  it.each([
    "<details>\n<summary>**More**</summary>\n\n- one\n- two\n\n</details>\n\nafter",
    "<details><summary>**More**</summary>\n- one\n- two</details>\nafter",
    "before\n<details>\n\n<summary>\n**More**\n</summary>\n- one\n- two\n</details>\nafter",
  ])("reads the content of details as Markdown: %j", (text) => {
    const into = painted(text);
    const details = into.querySelector("details");
    expect(details?.open).toBe(false);
    expect(details?.querySelector(":scope > summary > strong")?.textContent).toBe("More");
    expect(details?.querySelectorAll(":scope > ul > li")).toHaveLength(2);
    expect(into.lastElementChild?.outerHTML).toBe('<p dir="auto">after</p>');
  });

  it("nests details, in lists and quotes too, and ends them with what holds them", () => {
    const into = painted(
      "- <details open>\n  <details><summary>b</summary>c</details>\n\n  d\n\nafter\n\n> <details>\n> e\n\nend",
    );
    expect(into.querySelector("li > details[open] > details > summary")?.textContent).toBe("b");
    expect(into.querySelector("li > details > p:last-child")?.textContent).toBe("d");
    expect(into.querySelector("blockquote > details")?.textContent.trim()).toBe("e");
    expect([...into.children].map(({ localName }) => localName)).toEqual(["ul", "p", "blockquote", "p"]);
  });

  it("does not end details at a closing tag in code", () => {
    const into = painted("<details>\n\n```html\n</details>\n```\n\nb\n</details>\n\nafter");
    expect(into.querySelector("details code")?.textContent).toBe("</details>");
    expect(into.querySelector("details > p")?.textContent).toBe("b");
  });

  it("ends details in time that grows with the length of their lines", () => {
    const into = painted(`<details>\n\na${" ".repeat(300_000)}b\n</details>\n\nafter`);
    expect(into.lastElementChild?.textContent).toBe("after");
  });

  it("keeps details as the user has left them while their text grows", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    const text = "<details>\n<summary>More</summary>\n\none";
    painter.paint(text, false);
    into.querySelector("details")?.toggleAttribute("open", true);
    painter.paint(`${text} two`, false);
    painter.paint(`${text} two\n\n</details>\n\nsee[^1]\n\n[^1]: note`, true);
    expect(into.querySelector("details")?.open).toBe(true);
    expect(into.querySelector("details > p")?.textContent).toBe("one two");
  });
});

describe("footnotes", () => {
  const text = "A[^one] b[^two] c[^one].\n\n[^one]: First\n\n[^two]: Second\n\nEnd";

  it("are listed at the end, with links there and back", () => {
    const into = painted(text);
    const notes = into.lastElementChild;
    expect(notes?.matches("section.sy-footnotes[aria-label=Footnotes]")).toBe(true);
    expect([...(notes?.querySelectorAll("li > p") ?? [])].map((note) => note.textContent.trim())).toEqual([
      "First",
      "Second",
    ]);
    const links = [...into.querySelectorAll<HTMLAnchorElement>("sup > a")];
    expect(links.map((link) => link.getAttribute("aria-label"))).toEqual([
      "Footnote 1",
      "Footnote 2",
      "Footnote 1",
    ]);
    for (const link of [...links, ...into.querySelectorAll("section a")]) {
      const id = link.getAttribute("href")?.slice(1) ?? "";
      expect(into.querySelectorAll(`[id="${id}"]`)).toHaveLength(1);
    }
    expect(into.querySelectorAll("section a[aria-label='Back to reference 1']")).toHaveLength(2);
  });

  it("have other ids in each answer", () => {
    const ids = (answerId: string) =>
      [...painted(text, answerId).querySelectorAll("[id]")].map(({ id }) => id);
    expect(ids("a1").filter((id) => ids("a2").includes(id))).toEqual([]);
    expect(new Set(ids("a1")).size).toBe(5);
  });

  it("stay visible where they are written until the answer is complete", () => {
    const into = document.createElement("div");
    const painter = new Painter(into);
    painter.paint(text, false);
    expect(into.querySelectorAll("a")).toHaveLength(0);
    expect(into.textContent).toContain("First");
    painter.paint(text, true);
    expect(into.querySelectorAll("sup > a")).toHaveLength(3);
  });

  it("do not make links of labels without a footnote, nor of Markdown that imitates one", () => {
    const into = painted("a[^x] b[^constructor] [c](#sy-fn-a1-1)");
    expect(into.querySelectorAll("a")).toHaveLength(0);
    expect(into.querySelector("p")?.textContent).toContain("a[^x] b[^constructor] c");
  });
});

describe("nested fences", () => {
  const code = (into: Element) => [...into.querySelectorAll("code")].map(({ textContent }) => textContent);

  it.each([
    ["three levels", "`````\n````\n```js\na\n```\n````\n`````", ["````\n```js\na\n```\n````"]],
    ["other characters", "~~~md\n````\n```js\na\n```\n````\n~~~", ["````\n```js\na\n```\n````"]],
    [
      "a list in a list",
      "- a\n  - b\n    ````\n    ```js\n    c\n    ```\n    ````\n  - d",
      ["```js\nc\n```"],
    ],
    [
      "a quote in a list",
      "1. a\n   > ````md\n   > ```js\n   > c\n   > ```\n   > ````\n2. d",
      ["```js\nc\n```"],
    ],
    ["a list in a quote", "> - ~~~\n>   ```js\n>   c\n>   ```\n>   ~~~\n>\n> d", ["```js\nc\n```"]],
  ])("keep their inner fences: %s", (_, text, expected) => {
    expect(code(painted(text))).toEqual(expected);
  });
});

describe("right-to-left text", () => {
  it("takes its direction block by block, and code stays left-to-right", () => {
    const into = painted("שלום `code`\n\nEnglish\n\n- ערך\n\n```js\n// שלום\n```\n\n> ציטוט");
    expect([...into.children].map((block) => block.getAttribute("dir"))).toEqual([
      "auto",
      "auto",
      "auto",
      "ltr",
      "auto",
    ]);
    expect([...into.querySelectorAll("code")].every((code) => code.dir === "ltr")).toBe(true);
  });
});
