/** Task lists: an item that begins with `[ ]` or `[x]` gets a class, and a checkbox when it is shown. */
import type { MarkdownIt, StateCore } from "markdown-it";

const mark = /^\[([ xX])\][ \t]+(?=\S)/;

/** The markdown-it plugin. */
export function taskLists(markdown: MarkdownIt): void {
  markdown.core.ruler.after("block", "task_lists", markTasks);
}

function markTasks({ tokens }: StateCore): void {
  for (const [index, item] of tokens.entries()) {
    const text = tokens[index + 2];
    if (item.type !== "list_item_open" || tokens[index + 1]?.type !== "paragraph_open" || !text) continue;
    const [found, letter] = mark.exec(text.content) ?? [];
    if (found === undefined) continue;
    text.content = text.content.slice(found.length);
    item.attrJoin("class", letter === " " ? "sy-task" : "sy-task sy-task--done");
  }
}
