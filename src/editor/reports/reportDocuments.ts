import * as vscode from "vscode";

const SCHEME = "switchyard";

/** VS Code's own extension that shows Markdown. The user can disable it. */
const MARKDOWN_EXTENSION = "vscode.markdown-language-features";

/** Read-only documents that show reports in Markdown. A report replaces the one of the same name. */
export class ReportDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #texts = new Map<string, string>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChange = this.#changed.event;

  constructor() {
    this.#subscription = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  /** Shows a report in a tab as VS Code renders Markdown; as source if VS Code cannot render it. */
  async show(name: string, text: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${name}.md` });
    // A preview reads its document again after VS Code has closed it, so that the texts stay: one for each name.
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    if (vscode.extensions.getExtension(MARKDOWN_EXTENSION) !== undefined) {
      await vscode.commands.executeCommand("markdown.showPreview", uri);
      return;
    }
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: false });
  }

  /** A tab that VS Code restores after a reload has no text any more. */
  provideTextDocumentContent({ path }: vscode.Uri): string {
    return (
      this.#texts.get(path) ??
      vscode.l10n.t("This report is not saved. Run the command again to see the current one.")
    );
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }
}
