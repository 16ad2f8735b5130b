/** How a text indents: by tabs, or by this many spaces a level. */
export type Indentation = { readonly kind: "tabs" } | { readonly kind: "spaces"; readonly size: number };

/** The columns that a tab is counted as, where a text mixes tabs and spaces. */
const TAB_COLUMNS = 4;

/** The white space that a line begins with. */
export function leadingSpace(line: string): string {
  return /^[ \t]*/.exec(line)?.[0] ?? "";
}

/** Whether a line has white space alone. */
export function isBlank(line: string): boolean {
  return line.trim() === "";
}

/**
 * Returns how lines are indented; undefined if they do not show it. The size is the most frequent step from one line to
 * the next: lines that are aligned with something, as in comments, rarely make the same step.
 */
export function indentationOf(lines: readonly string[]): Indentation | undefined {
  const steps = new Map<number, number>();
  let tabs = 0;
  let spaces = 0;
  let before: number | undefined;
  for (const line of lines) {
    if (isBlank(line)) continue;
    const space = leadingSpace(line);
    if (space.startsWith("\t")) tabs += 1;
    else if (space.length > 1) spaces += 1;
    const step = Math.abs(space.length - (before ?? space.length));
    if (step > 1) steps.set(step, (steps.get(step) ?? 0) + 1);
    before = space.length;
  }
  if (tabs > 0 && tabs >= spaces) return { kind: "tabs" };
  const [mostFrequent] = [...steps].sort(([a, countA], [b, countB]) => countB - countA || a - b);
  return mostFrequent === undefined ? undefined : { kind: "spaces", size: mostFrequent[0] };
}

/** The depth of a line in levels; fractional where the line is aligned with something. */
export function levelOf(line: string, indentation: Indentation | undefined): number {
  return columnsOf(leadingSpace(line)) / sizeOf(indentation);
}

/** The white space of the least indented line; none if all are blank. */
export function commonSpace(lines: readonly string[]): string {
  const spaces = lines.filter((line) => !isBlank(line)).map(leadingSpace);
  return spaces.reduce(
    (least, space) => (columnsOf(space) < columnsOf(least) ? space : least),
    spaces[0] ?? "",
  );
}

/** How code is indented (undefined: not at all), and how the text is that it is placed in. */
export type IndentationChange = {
  readonly from: Indentation | undefined;
  readonly to: Indentation;
  /** The white space of a line of the code, and the one that this line gets. */
  readonly fromSpace: string;
  readonly toSpace: string;
};

/**
 * Indents code as the text around it. Lines keep their depth below the line that the change names, in the text's own
 * unit. Blank lines become empty. Code that needs no change stays as it is.
 */
export function reindent(lines: readonly string[], change: IndentationChange): string[] {
  const { from, to, fromSpace, toSpace } = change;
  if (fromSpace === toSpace && (from === undefined || isSameIndentation(from, to))) return [...lines];
  return lines.map((line) => {
    if (isBlank(line)) return "";
    const space = leadingSpace(line);
    const columns = columnsOf(space) - columnsOf(fromSpace);
    const levels = Math.trunc(columns / sizeOf(from));
    const rest = columns - levels * sizeOf(from);
    const code = line.slice(space.length);
    if (columns >= 0) return toSpace + unitOf(to).repeat(levels) + " ".repeat(rest) + code;
    return spaceOf(columnsOf(toSpace) + levels * sizeOf(to) + rest, to) + code;
  });
}

function spaceOf(columns: number, indentation: Indentation): string {
  const size = sizeOf(indentation);
  const levels = Math.max(0, Math.trunc(columns / size));
  return unitOf(indentation).repeat(levels) + " ".repeat(Math.max(0, columns - levels * size));
}

function unitOf(indentation: Indentation): string {
  return indentation.kind === "tabs" ? "\t" : " ".repeat(indentation.size);
}

function sizeOf(indentation: Indentation | undefined): number {
  return indentation?.kind === "spaces" ? indentation.size : TAB_COLUMNS;
}

function columnsOf(space: string): number {
  let columns = 0;
  for (const character of space) columns += character === "\t" ? TAB_COLUMNS : 1;
  return columns;
}

function isSameIndentation(one: Indentation, other: Indentation): boolean {
  return sizeOf(one) === sizeOf(other) && one.kind === other.kind;
}
