import type { Shell } from "../../base/shellLanguage.ts";

/** `lines`: how many lines were joined. `control`: characters that a terminal acts on. `script`: lines that only run apart. */
export type TerminalCommand =
  | { readonly kind: "command"; readonly text: string; readonly lines: number }
  | { readonly kind: "refused"; readonly reason: "control" | "script" | "empty" };

const CONTINUED: Readonly<Record<Shell, RegExp>> = {
  posix: /(?<!\\)(?:\\\\)*\\$/,
  session: /(?<!\\)(?:\\\\)*\\$/,
  powershell: /\s`$/,
  cmd: /\^$/,
};
const COMMENT: Readonly<Record<Shell, RegExp>> = {
  posix: /^#/,
  session: /^#/,
  powershell: /^#/,
  cmd: /^(?:rem\b|::)/i,
};

/** Characters that a terminal acts on or does not show. Emoji and some scripts need the joiners. */
const HIDDEN = /[\p{Cc}--\n]|[\p{Cf}--[\u200c\u200d]]|[\p{Zl}\p{Zp}]/v;

/**
 * Returns a code block as one line that can be typed into a terminal and is not run before the user presses Enter. A line
 * break would run what is before it, so simple commands are joined, and a script whose lines depend on each other is
 * refused. So is everything that a terminal does not show as it is.
 */
export function terminalCommand(code: string, shell: Shell): TerminalCommand {
  const text = code.replaceAll(/\r\n?/g, "\n").replaceAll("\t", " ");
  if (HIDDEN.test(text)) {
    return { kind: "refused", reason: "control" };
  }
  const lines = commandsOf(text, shell);
  const [first] = lines;
  if (first === undefined) return { kind: "refused", reason: "empty" };
  if (lines.length === 1) return { kind: "command", text: first, lines: 1 };
  const simple = lines.map((line) => withoutComment(line, shell));
  if (!simple.every((line) => line !== undefined && isSimple(line)))
    return { kind: "refused", reason: "script" };
  const separator = shell === "powershell" ? "; " : " && ";
  return { kind: "command", text: simple.join(separator), lines: lines.length };
}

/** The commands of a block: without blank lines, comments, prompts and output, and with continued lines joined. */
function commandsOf(text: string, shell: Shell): readonly string[] {
  const all = text.split("\n");
  const prompt = /^\s*(?:\$|PS [^>\n]*>|[A-Z]:\\[^>\n]*>)\s+/;
  const hasPrompts = all.some((line) => prompt.test(line));
  const commands: string[] = [];
  let isContinued = false;
  for (const line of all) {
    const isShown = isContinued || !hasPrompts || prompt.test(line);
    const command = (isContinued ? line : line.replace(prompt, "")).trim();
    if (!isShown || command === "" || (!isContinued && COMMENT[shell].test(command))) {
      isContinued = false;
      continue;
    }
    const before = isContinued ? `${commands.pop() ?? ""} ` : "";
    isContinued = CONTINUED[shell].test(command);
    commands.push(before + (isContinued ? command.replace(CONTINUED[shell], "").trimEnd() : command));
  }
  return commands;
}

/** A line without a comment at its end; undefined where quotes hide whether it is one. */
function withoutComment(line: string, shell: Shell): string | undefined {
  const start = shell === "cmd" ? -1 : line.search(/\s#/);
  if (start < 0) return line;
  return /["'`]/.test(line) ? undefined : line.slice(0, start).trimEnd();
}

/** Whether a line is a command by itself: it neither opens nor closes anything that other lines belong to. */
function isSimple(line: string): boolean {
  const isOpen = [/"/g, /'/g, /`/g].some((quote) => (line.match(quote)?.length ?? 0) % 2 === 1);
  const counts = ["(", ")", "{", "}", "[", "]"].map((bracket) => line.split(bracket).length);
  const isBalanced = counts[0] === counts[1] && counts[2] === counts[3] && counts[4] === counts[5];
  const begins =
    /^(?:if|then|elif|else|fi|for|while|until|do|done|case|esac|function|select|begin|end|switch|[|&})])(?:\s|$|;)/;
  return !isOpen && isBalanced && !line.includes("<<") && !begins.test(line) && !/[|&;{(]$/.test(line);
}
