import * as vscode from "vscode";
import { lineChanges, mergeTexts } from "../../assistant/edits/mergeTexts.ts";
import type { Placement } from "../../assistant/edits/placeBlock.ts";
import type { Turn } from "../../contract/conversation.ts";
import { PROPOSAL_SCHEME } from "./textEditors.ts";

/** Returns the text that a document would have. */
export type Propose = (text: string) => Placement;

/**
 * Writes a document's new text as one change, which one undo reverts. Resolves to false if that is not possible, which the
 * user then has read.
 * @param turn whose answer the change is from
 */
export type WriteCode = (
  document: vscode.TextDocument,
  text: string,
  turn: Turn | undefined,
) => Promise<boolean>;

type Proposal = {
  /** The document that shows the proposed text. */
  readonly shown: vscode.Uri;
  readonly target: vscode.Uri;
  /** The target's text that the proposal was made from. */
  readonly before: string;
  readonly after: string;
  readonly propose: Propose;
  /** Whose answer the change is from. */
  readonly turn: Turn | undefined;
};

/** Changes that are shown in VS Code's diff editor until the user accepts or discards them. */
export class Proposals implements vscode.TextDocumentContentProvider, vscode.Disposable {
  /** By the address of the document that shows the proposed text. */
  readonly #open = new Map<string, Proposal>();
  readonly #subscriptions: readonly vscode.Disposable[];
  readonly #write: WriteCode;
  #ids = 0;

  constructor(write: WriteCode) {
    this.#write = write;
    this.#subscriptions = [
      vscode.workspace.registerTextDocumentContentProvider(PROPOSAL_SCHEME, this),
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => {
        for (const tab of closed) this.#open.delete(shownIn(tab)?.toString() ?? "");
      }),
    ];
  }

  provideTextDocumentContent(uri: vscode.Uri): string | undefined {
    return this.#open.get(uri.toString())?.after;
  }

  /** Shows how a change would leave a document. The document itself stays as it is. */
  async show(
    document: vscode.TextDocument,
    after: string,
    propose: Propose,
    turn: Turn | undefined,
  ): Promise<void> {
    const target = document.uri;
    const name = target.path.slice(target.path.lastIndexOf("/") + 1);
    await this.#closeFor(target);
    this.#ids += 1;
    const shown = vscode.Uri.from({ scheme: PROPOSAL_SCHEME, path: `/${name}`, query: String(this.#ids) });
    this.#open.set(shown.toString(), { shown, target, before: document.getText(), after, propose, turn });
    const proposed = await vscode.workspace.openTextDocument(shown);
    if (proposed.languageId !== document.languageId) {
      await vscode.languages.setTextDocumentLanguage(proposed, document.languageId);
    }
    const title = vscode.l10n.t("{file}: proposed change", { file: name });
    await vscode.commands.executeCommand("vscode.diff", target, shown, title, { preview: false });
  }

  /** The file that the active diff editor shows a proposal for. */
  targetOf(uri: vscode.Uri): vscode.Uri | undefined {
    return this.#open.get(uri.toString())?.target;
  }

  /** Writes a proposal into its document as one change that one undo reverts. `argument`: the shown document's address. */
  async accept(argument: unknown): Promise<void> {
    const proposal = this.#proposalOf(argument);
    if (proposal === undefined) return;
    const { target, before, after } = proposal;
    const document = await vscode.workspace.openTextDocument(target);
    const current = document.getText();
    const merged = mergeTexts(before, after, current);
    if (merged === undefined) return this.#reportConflict(proposal, document);
    if (!(await this.#write(document, merged, proposal.turn))) return;
    await this.#close(proposal);
    const [first] = lineChanges(current, merged);
    const start = new vscode.Position(first?.start ?? 0, 0);
    // A cell of a notebook has no editor of its own.
    if (target.scheme === "vscode-notebook-cell") return;
    await vscode.window.showTextDocument(document, {
      preview: false,
      selection: new vscode.Range(start, start),
    });
  }

  /** Closes a proposal. Its document stays as it is. */
  async discard(argument: unknown): Promise<void> {
    const proposal = this.#proposalOf(argument);
    if (proposal !== undefined) await this.#close(proposal);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #reportConflict(proposal: Proposal, document: vscode.TextDocument): Promise<void> {
    const compareAgain = vscode.l10n.t("Compare Again");
    const message = vscode.l10n.t(
      "{file} has changed in the lines that this proposal changes. Nothing was written.",
      { file: nameOf(proposal.target) },
    );
    if ((await vscode.window.showWarningMessage(message, compareAgain)) !== compareAgain) return;
    const placement = proposal.propose(document.getText());
    if (placement.kind === "placed") {
      return this.show(document, placement.text, proposal.propose, proposal.turn);
    }
    await vscode.window.showWarningMessage(
      vscode.l10n.t("The place of this code in {file} was not found.", { file: nameOf(proposal.target) }),
    );
  }

  /** The proposal with this address, else the one that the active tab shows. */
  #proposalOf(argument: unknown): Proposal | undefined {
    const named = argument instanceof vscode.Uri ? this.#open.get(argument.toString()) : undefined;
    const { activeTab } = vscode.window.tabGroups.activeTabGroup;
    return (
      named ?? (activeTab === undefined ? undefined : this.#open.get(shownIn(activeTab)?.toString() ?? ""))
    );
  }

  async #closeFor(target: vscode.Uri): Promise<void> {
    const same = [...this.#open.values()].filter((each) => each.target.toString() === target.toString());
    for (const proposal of same) await this.#close(proposal);
  }

  async #close({ shown }: Proposal): Promise<void> {
    const tabs = vscode.window.tabGroups.all
      .flatMap((group) => group.tabs)
      .filter((tab) => shownIn(tab)?.toString() === shown.toString());
    await vscode.window.tabGroups.close(tabs);
    this.#open.delete(shown.toString());
  }
}

/** The proposed document that a tab compares with its target. */
function shownIn({ input }: vscode.Tab): vscode.Uri | undefined {
  const isProposal = input instanceof vscode.TabInputTextDiff && input.modified.scheme === PROPOSAL_SCHEME;
  return isProposal ? input.modified : undefined;
}

function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}
