/** Markdown for tooltips and reports. Text from models, settings and workspaces is escaped: it may be hostile. */
import { markdownTable } from "markdown-table";

/** Escapes everything that Markdown, or a theme icon such as `$(x)`, could give a meaning to. For tooltips. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>$~&]/g, "\\$&");
}

/**
 * Returns a text for a table's cell: on one line, cut to a number of characters, and escaped only as far as needed,
 * because reports are also read as plain text.
 */
export function cellText(text: string, maxCharacters: number): string {
  return shortened(text, maxCharacters).replace(/[\\`*[\]|<>&]/g, "\\$&");
}

/** Returns a name as inline code for a table's cell. */
export function codeCell(name: string): string {
  return `\`${name.replace(/[`\s]+/g, " ").replaceAll("|", "\\|")}\``;
}

/** Returns a table of cells that are escaped already. The columns in `rightAligned` hold figures. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  rightAligned: ReadonlySet<number>,
): string {
  return markdownTable([head, ...rows], {
    align: head.map((_, column) => (rightAligned.has(column) ? "right" : "left")),
    stringLength: (text) => [...text].length,
  });
}

function shortened(text: string, maxCharacters: number): string {
  const characters = [...text.replace(/\s+/g, " ").trim()];
  return characters.length <= maxCharacters
    ? characters.join("")
    : `${characters.slice(0, maxCharacters - 1).join("")}…`;
}
