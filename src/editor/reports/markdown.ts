/** Markdown that is read in a text editor as often as it is rendered. */

/** Names come from settings, servers and prompts: nothing in them may act as Markdown. */
export function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+\-!|<>$~&]/g, "\\$&");
}

/** What a person wrote, on one line and cut, fit for a table's cell: escaped no more than it must be to stay readable. */
export function prose(text: string, most: number): string {
  return shortened(text, most).replace(/[\\`*[\]|<>&]/g, "\\$&");
}

/** On one line and no longer than so many characters. */
export function shortened(text: string, most: number): string {
  const characters = [...text.replace(/\s+/g, " ").trim()];
  return characters.length <= most ? characters.join("") : `${characters.slice(0, most - 1).join("")}…`;
}

/** A name as code. */
export function code(name: string): string {
  return `\`${name.replace(/[`\s]+/g, " ").replaceAll("|", "\\|")}\``;
}

/** A table whose columns stand below each other in the text too. `end`: the columns that hold figures. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  end: ReadonlySet<number>,
): string {
  const widths = head.map((_, column) =>
    Math.max(3, ...[head, ...rows].map((row) => [...(row[column] ?? "")].length)),
  );
  const line = (row: readonly string[]) => {
    const cells = widths.map((width, column) => padded(row[column] ?? "", width, end.has(column)));
    return `| ${cells.join(" | ")} |`;
  };
  const rule = widths.map((width, column) =>
    end.has(column) ? `${"-".repeat(width - 1)}:` : `:${"-".repeat(width - 1)}`,
  );
  return [line(head), line(rule), ...rows.map(line)].join("\n");
}

function padded(text: string, width: number, atEnd: boolean): string {
  const blanks = " ".repeat(width - [...text].length);
  return atEnd ? blanks + text : text + blanks;
}
