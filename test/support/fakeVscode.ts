/** For tests: the part of `vscode` that the code under test calls, for `vi.mock`. */

export const l10n = {
  t: (message: string, places: Readonly<Record<string, unknown>> = {}): string =>
    message.replace(/\{(\w+)\}/g, (whole, name: string) => (name in places ? String(places[name]) : whole)),
};

/** The commands that were run. */
export const ran: string[] = [];

export const commands = {
  executeCommand: async (command: string): Promise<undefined> => {
    ran.push(command);
    return undefined;
  },
};

export class MarkdownString {
  value = "";
  isTrusted: unknown;
  supportHtml = false;

  appendMarkdown(text: string): this {
    this.value += text;
    return this;
  }
}

export const env = { language: "en" };

export const Uri = {
  joinPath: (base: string, ...segments: readonly string[]): string => [base, ...segments].join("/"),
};
