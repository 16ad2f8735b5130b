/** For tests: the little of `vscode` that the logic under test calls, in place of the editor (`vi.mock`). */

export const l10n = {
  t: (message: string, places: Readonly<Record<string, unknown>> = {}): string =>
    message.replace(/\{(\w+)\}/g, (whole, name: string) => (name in places ? String(places[name]) : whole)),
};

/** What commands were run. */
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
