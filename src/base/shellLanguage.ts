/** The kinds of shells that code blocks are written for. `session`: with prompts and output. */
export type Shell = "posix" | "powershell" | "cmd" | "session";

const shells: Readonly<Record<string, Shell>> = {
  ...{ bash: "posix", sh: "posix", zsh: "posix", fish: "posix", shell: "posix", shellscript: "posix" },
  ...{ console: "session", shellsession: "session", "shell-session": "session", terminal: "session" },
  ...{ powershell: "powershell", pwsh: "powershell", ps1: "powershell" },
  ...{ cmd: "cmd", bat: "cmd", batch: "cmd" },
};

/** The shell that a fence's language (in lower case) stands for; undefined for other languages. */
export function shellOf(language: string): Shell | undefined {
  return Object.hasOwn(shells, language) ? shells[language] : undefined;
}
