import * as l10n from "@vscode/l10n";
import type { ContextChip, LeftOut } from "../../../contract/view/types.ts";
import { formatTokens } from "../../../explain/format.ts";

/** The name of an item: the file without its folders, with lines, or what the item is. */
export function chipName(chip: ContextChip): string {
  switch (chip.kind) {
    case "file":
      return lastPart(chip.path);
    case "selection": {
      const name = lastPart(chip.path);
      const { startLine, endLine } = chip;
      return startLine === endLine ? `${name}:${startLine}` : `${name}:${startLine}–${endLine}`;
    }
    case "symbol":
      return chip.name;
    case "folder":
      return `${lastPart(chip.path)}/`;
    case "problems":
      return chip.count === 1 ? l10n.t("1 problem") : l10n.t("{count} problems", { count: chip.count });
    case "terminal":
      return chip.command.split("\n", 1)[0] || chip.terminal;
    case "changes":
      return chip.paths.length === 1
        ? l10n.t("1 changed file")
        : l10n.t("{count} changed files", { count: chip.paths.length });
    case "image":
      return chip.name;
  }
}

/** The size of an item with its unit, and what it leaves out; for a private one, where it may go. */
export function chipSize(chip: ContextChip, doesNotFit: boolean, imageTokens?: number): string {
  if (chip.kind === "image" && !chip.isPrivate)
    return imageTokens === undefined
      ? l10n.t("image")
      : l10n.t("up to {tokens} tokens", { tokens: formatTokens(imageTokens) });
  const tokens = l10n.t("{tokens}\u00a0tokens", { tokens: formatTokens(chip.tokens) });
  if (doesNotFit) return l10n.t("{tokens}, does not fit", { tokens });
  if (chip.isPrivate) return l10n.t("local models only");
  if (chip.isIgnored) return l10n.t("{tokens}, ignored file", { tokens });
  if (chip.removedSecrets !== undefined)
    return l10n.t("{tokens}, {removed}", { tokens, removed: describeRemoved(chip.removedSecrets) });
  return chip.leftOut === undefined
    ? tokens
    : l10n.t("{tokens}, {part}", { tokens, part: describePart(chip.leftOut) });
}

/** Where the item is, and everything that the chip has no room for. */
export function chipTitle(chip: ContextChip): string {
  const lines = [
    placeText(chip),
    chip.kind === "image" ? "" : l10n.t("{tokens} tokens", { tokens: chip.tokens.toLocaleString() }),
    chip.isPrivate ? l10n.t("Private: local models only") : "",
    chip.isIgnored ? l10n.t("Git or the settings ignore this file") : "",
    chip.removedSecrets === undefined ? "" : describeRemoved(chip.removedSecrets),
    chip.leftOut === undefined ? "" : l10n.t("Included: {part}", { part: describePart(chip.leftOut) }),
  ];
  return lines.filter((line) => line !== "").join("\n");
}

/** Returns the name of a chip's codicon. */
export function chipIcon(chip: ContextChip): string {
  if (chip.isPrivate) return "lock";
  switch (chip.kind) {
    case "selection":
      return "list-selection";
    case "file":
      return "file-code";
    case "symbol":
      return "symbol-misc";
    case "folder":
      return "folder";
    case "problems":
      return "warning";
    case "terminal":
      return "terminal";
    case "changes":
      return "diff";
    case "image":
      return "file-media";
  }
}

function placeText(chip: ContextChip): string {
  switch (chip.kind) {
    case "selection":
    case "file":
    case "symbol":
      return l10n.t("{path}, lines {start} to {end}", {
        path: chip.path,
        start: chip.startLine,
        end: chip.endLine,
      });
    case "folder":
      return chip.path;
    case "problems":
      return chip.path ?? l10n.t("Problems of all files");
    case "terminal":
      return l10n.t("{command}, in the terminal {name}", { command: chip.command, name: chip.terminal });
    case "changes":
      return chip.paths.join("\n");
    case "image":
      return l10n.t("{name}, {width} × {height} pixels", {
        name: chip.path ?? chip.name,
        width: chip.width,
        height: chip.height,
      });
  }
}

/** `12 of 40 files`, with what is included and of how many. */
function describePart({ unit, included, total }: LeftOut): string {
  const places = { included: included.toLocaleString(), total: total.toLocaleString() };
  switch (unit) {
    case "lines":
      return l10n.t("{included} of {total} lines", places);
    case "files":
      return l10n.t("{included} of {total} files", places);
    case "problems":
      return l10n.t("{included} of {total} problems", places);
  }
}

/** How many keys and passwords were blanked out. */
function describeRemoved(count: number): string {
  return count === 1 ? l10n.t("1 secret removed") : l10n.t("{count} secrets removed", { count });
}

/** Returns the last part of a path. */
export function lastPart(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
