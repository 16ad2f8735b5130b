import * as vscode from "vscode";

/**
 * Reports an error for each line of a document that contains a text, as a language server does, but at once after each
 * change, or when the test says so.
 */
export class LineErrors implements vscode.Disposable {
  readonly #wrong: string;
  readonly #errors = vscode.languages.createDiagnosticCollection("line-errors");
  readonly #changed: vscode.Disposable;
  /** False: changes are not reported. */
  isReporting = true;

  constructor(wrong: string) {
    this.#wrong = wrong;
    this.#changed = vscode.workspace.onDidChangeTextDocument(({ document }) => {
      if (this.isReporting && this.#errors.has(document.uri)) this.#set(document);
    });
  }

  /** Reports the errors of a document, and from then on after each of its changes. Resolves when they are known. */
  async report(document: vscode.TextDocument): Promise<void> {
    const known = Promise.withResolvers<void>();
    const listener = vscode.languages.onDidChangeDiagnostics(({ uris }) => {
      if (uris.some((uri) => uri.toString() === document.uri.toString())) known.resolve();
    });
    this.#set(document);
    await known.promise;
    listener.dispose();
  }

  dispose(): void {
    this.#changed.dispose();
    this.#errors.dispose();
  }

  #set(document: vscode.TextDocument): void {
    const lines = Array.from({ length: document.lineCount }, (_, line) => document.lineAt(line));
    const wrong = lines.filter(({ text }) => text.includes(this.#wrong));
    this.#errors.set(
      document.uri,
      wrong.map(({ range }) => new vscode.Diagnostic(range, "Wrong")),
    );
  }
}
