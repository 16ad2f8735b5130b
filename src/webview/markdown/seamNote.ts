import MarkdownIt, { type Token } from "markdown-it";

const { escapeHtml } = new MarkdownIt().utils;

/** The note at a seam, with the token's words: “The connection to {first} broke here. {second} continued.” */
export function seamHtml(token: Token | undefined): string {
  const tag = token?.tag ?? "p";
  return (
    `<${tag} class="sy-note sy-note--seam"><span class="codicon codicon-debug-disconnect"></span>` +
    `<span>${escapeHtml(token?.content ?? "")}</span></${tag}>`
  );
}

/** Splits each paragraph that has a seam within, so that the note stands between its halves. */
export function splitAtSeams(blocks: ParentNode): void {
  for (const seam of blocks.querySelectorAll("p span.sy-note--seam")) {
    const before = seam.closest("p");
    if (before === null) continue;
    const range = document.createRange();
    range.setStartAfter(seam);
    range.setEnd(before, before.childNodes.length);
    const after = document.createElement("p");
    after.append(range.extractContents());
    const note = document.createElement("p");
    note.className = seam.className;
    note.append(...seam.childNodes);
    seam.remove();
    before.after(note, ...(isBlank(after) ? [] : [after]));
    if (isBlank(before)) before.remove();
  }
}

/** Nothing of it can be seen. */
function isBlank({ textContent }: Element): boolean {
  return textContent.trim() === "";
}
