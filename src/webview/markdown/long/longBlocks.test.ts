import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { propertyTimeoutMs } from "../../../../test/support/views/markdownTests.ts";
import { Painter } from "../painter.ts";

/** Makes lines of one block: the line with this number. `count`: how many lines the block has. */
type Line = (index: number, count: number) => string;

/** A block is painted in parts from 4,000 characters on. Shorter ones are tested letter by letter (painter.test.ts). */
const SHORT_LENGTH = 3500;
/** At this length, at least two parts of a block are done. */
const LONG_LENGTH = 9000;

const blocks: Readonly<Record<string, Line>> = {
  "a list": (n) => `- item ${n} with *some* words and \`code\`, and more words\n`,
  "a list of tasks": (n) => `${n + 1}. [${n % 2 ? "x" : " "}] task ${n}, which has more than a few words\n`,
  "a loose list": (n) => `${n + 1}. item ${n}\n\n   more of it\n\n`,
  "a list that becomes loose": (n, count) =>
    `- item ${n} of a tight list${n === Math.floor(count / 2) ? "\n\n  more" : ""}\n`,
  "a list of code": (n, count) =>
    `- \`\`\`ts\n${`  const a${n} = "some words";\n`.repeat(6)}  \`\`\`\n${n === Math.floor(count / 3) ? "\n" : ""}`,
  "a nested list": (n) => `${"  ".repeat(n % 3)}- item ${n} and some words, and some more of them\n`,
  "a list with headings": (n) => `- ${"#".repeat(1 + (n % 4))} heading ${n}\n- text under it\n`,
  "a table": (n) =>
    n === 0 ? "| a | b |\n|:--|--:|\n" : `| ${n} | words \`${n}\` and *more*, and others |\n`,
  "a table of few cells": (n) =>
    n === 0 ? "a | b\n-|-\n" : `${n} words in a cell, of which there are more than a few\n`,
  code: (n) => (n === 0 ? "```ts\n" : `const a${n} = "${n}"; // words\n`),
  "code with long comments": (n) =>
    n === 0 ? "  ~~~js\n" : `  ${n % 60 === 1 ? "/*" : ""} a = \`${n} ${n % 60 === 50 ? "*/" : ""}\n`,
  "a diff": (n) => (n === 0 ? "```diff\n" : `${"+- @"[n % 4]}line ${n} of a diff\n`),
  "code without a language": (n) => (n === 0 ? "```\n" : `line ${n} of a log, as it is\n\n`),
  "a paragraph": (n) =>
    `Sentence ${n} with *some* words, \`code\` and [a link](https://example.com/${n}).${n % 5 ? " " : "\n"}`,
  "a paragraph with a star": (n) => `Sentence ${n} with words${n === 20 ? " and *one" : ""}. `,
  "a paragraph that becomes a heading": (n, count) =>
    n === count - 1 ? "\n====\n" : `words ${n} of a heading `,
};

/** How many lines make a block long. */
function lineCount(line: Line): number {
  let length = 0;
  let count = 0;
  while (length < LONG_LENGTH) length += line(count++, Number.POSITIVE_INFINITY).length;
  return count;
}

function painterOf(into: Element) {
  const painter = new Painter(into);
  return (text: string, isComplete: boolean) => painter.paint(text, isComplete);
}

/** A copy in which neighbouring texts are one. */
function normalized(element: Element): Node {
  const copy = element.cloneNode(true);
  copy.normalize();
  return copy;
}

function painted(text: string): Element {
  const into = document.createElement("div");
  painterOf(into)(text, true);
  return into;
}

describe("a block of many kilobytes that grows", () => {
  it.each(Object.entries(blocks))(
    "ends with the result of a full render: %s",
    { timeout: propertyTimeoutMs },
    (_, line) => {
      const count = lineCount(line);
      const text = `Before\n\n${Array.from({ length: count }, (__, index) => line(index, count)).join("")}`;
      const endings = fc.constantFrom(
        "",
        "\nafter",
        "\n\n# After\n\nand more",
        "\n~~~\n```\nafter\n- x\n\n| y |",
      );
      const places = fc.array(fc.integer({ min: SHORT_LENGTH, max: text.length }), {
        minLength: 8,
        maxLength: 14,
      });
      fc.assert(
        fc.property(endings, places, (ending, cuts) => {
          const complete = text + ending;
          const into = document.createElement("div");
          const paint = painterOf(into);
          for (const end of cuts.sort((a, b) => a - b)) paint(complete.slice(0, end), false);
          paint(complete, true);
          const [shown, expected] = [normalized(into), normalized(painted(complete))];
          if (!shown.isEqualNode(expected)) {
            expect((shown as Element).innerHTML).toBe((expected as Element).innerHTML);
          }
        }),
        { numRuns: 2 },
      );
    },
  );

  it.each(Object.entries(blocks))("shows all of its text on the way: %s", (_, line) => {
    const into = document.createElement("div");
    const paint = painterOf(into);
    const count = lineCount(line);
    let text = "";
    for (let index = 0; index < count - 1; index++) {
      text += line(index, count);
      if (text.length < SHORT_LENGTH || index % Math.ceil(count / 5) > 0) continue;
      paint(text, false);
      expect(into.textContent.replaceAll(/\s/g, "")).toBe(painted(text).textContent.replaceAll(/\s/g, ""));
    }
  });

  it.each(["a list", "a table", "code", "a paragraph"])("is not painted again from its start: %s", (name) => {
    const into = document.createElement("div");
    const paint = painterOf(into);
    const line: Line = blocks[name] ?? String;
    let text = Array.from({ length: 290 }, (_, index) => line(index, Number.POSITIVE_INFINITY)).join("");
    const grow = (index: number) => {
      text += line(index, Number.POSITIVE_INFINITY);
      paint(text, false);
    };
    paint(text, false);
    grow(290);
    const observer = new MutationObserver(() => {});
    observer.observe(into, { subtree: true, childList: true, characterData: true, attributes: true });
    grow(291);
    const changed = observer.takeRecords().flatMap(({ target, addedNodes }) => [target, ...addedNodes]);
    const changedText = changed.filter((node) => node instanceof Text || node.childNodes.length < 5);
    const length = changedText.reduce((sum, node) => sum + (node.textContent?.length ?? 0), 0);
    expect(length).toBeLessThan(5000);
    expect(text.length).toBeGreaterThan(8000);
  });

  it("has its items, rows and sentences in groups, in which numbers continue", () => {
    const list = painted(Array.from({ length: 250 }, (_, index) => `${index + 7}. item\n`).join(""));
    const items = [...list.querySelectorAll("ol")].map((ol) => [
      ol.getAttribute("start"),
      ol.children.length,
    ]);
    expect(items).toEqual([
      ["7", 100],
      ["107", 100],
      ["207", 50],
    ]);
    const table = painted(`| a |\n|---|\n${"| x |\n".repeat(250)}`);
    expect([...table.querySelectorAll("tbody")].map(({ rows }) => rows.length)).toEqual([100, 100, 50]);
    const sentence = "A sentence of *some* words. ";
    const paragraph = painted(sentence.repeat(1000));
    const groups = [...paragraph.querySelectorAll("p > span")].map(({ textContent }) => textContent);
    expect(groups).toHaveLength(3);
    expect(groups.every((group) => /^A .*\.\s*$/s.test(group))).toBe(true);
    expect(groups.join("")).toBe(sentence.replaceAll("*", "").repeat(1000).trimEnd());
  });

  it("is not divided while it is short", () => {
    const short = painted(`${"- item\n".repeat(100)}\n\n${"Words. ".repeat(500)}`);
    expect(short.querySelector("div, span")).toBeNull();
  });
});
