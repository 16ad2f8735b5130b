import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { terminalCommand } from "./terminalCommand.ts";

describe("a code block as one line for a terminal", () => {
  it.each([
    ["a command", "posix", "npm test\n", "npm test"],
    ["several commands", "posix", "npm ci\n\n# then\nnpm test # all\n", "npm ci && npm test"],
    ["continued lines", "posix", "docker run \\\n  -p 80:80 \\\n  web", "docker run -p 80:80 web"],
    ["a session with its output", "session", "$ ls\na.ts  b.ts\n$ pwd\n/home", "ls && pwd"],
    ["commands of PowerShell", "powershell", "Get-Item a `\n  -Force\nPS C:\\> ls", "ls"],
    ["commands of PowerShell without prompts", "powershell", "cd a\nls", "cd a; ls"],
    ["commands of cmd", "cmd", "REM first\ncd a\ndir", "cd a && dir"],
    ["a tab", "posix", "a\tb", "a b"],
  ] as const)("takes %s", (_, shell, code, text) => {
    expect(terminalCommand(code, shell)).toMatchObject({ kind: "command", text });
  });

  it.each([
    ["a loop", "for f in *; do\n  echo $f\ndone"],
    ["a here document", "cat <<EOF\ntext\nEOF"],
    ["a string over two lines", "echo 'a\nb'"],
    ["a pipe over two lines", "ls |\nwc"],
    ["a command in the background before another", "serve &\ncurl localhost"],
    ["a comment that may be in a string", "echo 'a # b'\nls"],
  ])("refuses %s", (_, code) => {
    expect(terminalCommand(code, "posix")).toEqual({ kind: "refused", reason: "script" });
  });

  it.each([
    ...["ls\u001b[200~", "ls\u0003", "ls\u0085rm a", "ls\u202erm"],
    ...["ls \u200b", "curl a.b\u00ad.c", "ask hi\u{e0064}\u{e0065}\u{e006c}", "\ufeffls"],
  ])("refuses %j, which a terminal acts on or does not show", (code) => {
    expect(terminalCommand(code, "posix")).toEqual({ kind: "refused", reason: "control" });
  });

  it("takes emoji and scripts whose letters are joined", () => {
    const text = "git commit -m '👩\u200d💻 می\u200cخواهم'";
    expect(terminalCommand(text, "posix")).toMatchObject({ kind: "command", text });
  });

  it("takes time that grows with the length of the code", () => {
    const code = `ls${" ".repeat(300_000)}a # b\nls`;
    expect(terminalCommand(code, "posix")).toMatchObject({ kind: "command", lines: 2 });
  });

  it("refuses a block without a command", () => {
    expect(terminalCommand("# only\n\n", "posix")).toEqual({ kind: "refused", reason: "empty" });
  });

  it("never returns a line break or another control character", () => {
    const piece = fc.constantFrom(
      "ls",
      " ",
      "\n",
      "\r",
      "\r\n",
      "\t",
      "\\",
      "'",
      "$ ",
      "#",
      "\u2028",
      "\0",
      "`",
      "&&",
      "a b",
    );
    const shell = fc.constantFrom("posix", "session", "powershell", "cmd");
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), shell, (pieces, kind) => {
        const command = terminalCommand(pieces.join(""), kind);
        if (command.kind === "command") expect(command.text).not.toMatch(/\p{Cc}|[\u2028\u2029]/u);
      }),
      { numRuns: 2000 },
    );
  });
});
