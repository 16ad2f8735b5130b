import * as vscode from "vscode";
import { namedFile, type ShownCode } from "../../assistant/codeBlock/namedFile.ts";
import { type Placement, placeBlock, replaceWhole } from "../../assistant/edits/placeBlock.ts";
import type { Turn } from "../../contract/conversation.ts";
import type { CodeUse } from "../../contract/view/codeMessages.ts";
import { createFile, withoutFirstLine } from "./createFile.ts";
import { insertCode } from "./insertCode.ts";
import { Proposals, type Propose, type WriteCode } from "./proposals.ts";
import { typeIntoTerminal } from "./runInTerminal.ts";
import { currentEditor } from "./textEditors.ts";
import { WorkspaceFiles } from "./workspaceFiles.ts";

/** The code of an answer, and the turn whose answer it is from, if that is shown. */
export type AnswerCode = ShownCode & { readonly turn: Turn | undefined };

/** A document with the place of a code block in it. */
type Target = {
  readonly document: vscode.TextDocument;
  readonly text: string;
  readonly propose: Propose;
  readonly placement: Placement;
  readonly turn: Turn | undefined;
};

/** Carries out what the buttons of a code block and the file names of an answer do. */
export class CodeActions implements vscode.Disposable {
  readonly files = new WorkspaceFiles();
  readonly proposals: Proposals;

  constructor(write: WriteCode) {
    this.proposals = new Proposals(write);
  }

  async use(use: CodeUse, code: AnswerCode): Promise<void> {
    switch (use) {
      case "insert":
        return insertCode(code.text);
      case "apply":
        return this.#apply(code);
      case "create":
        return this.#create(code);
      case "run":
        return typeIntoTerminal(code);
    }
  }

  dispose(): void {
    this.proposals.dispose();
  }

  /** Proposes a file with the code in it: the first one in which it has a place, of those that the code may be for. */
  async #apply(code: AnswerCode): Promise<void> {
    let first: Target | undefined;
    for await (const uri of this.#candidates(code)) {
      const target = await placeIn(uri, code);
      if (target.placement.kind !== "not-placed") return this.#propose(target);
      first ??= target;
    }
    if (first !== undefined) await this.#propose(first);
  }

  /** The file that the code names; else those that the text before it names, and the active one. */
  async *#candidates(code: AnswerCode): AsyncGenerator<vscode.Uri> {
    const { stated, mentioned } = namedFile(code);
    const active = this.#activeDocument();
    if (stated !== undefined) {
      const { uri, exists } = await this.files.choose(stated.path);
      const chosen = exists ? uri : await this.#offerWithoutFile(code, stated.path, active);
      if (chosen !== undefined) yield chosen;
      return;
    }
    let isAny = active !== undefined;
    for (const { path } of mentioned) {
      const { uri, exists } = await this.files.choose(path);
      if (uri !== undefined) yield uri;
      // The user has closed the list of files with this name.
      else if (exists) return;
      isAny ||= exists;
    }
    if (active !== undefined) yield active;
    if (!isAny) await this.#offerWithoutFile(code, undefined, undefined);
  }

  async #propose({ document, text, propose, placement, turn }: Target): Promise<void> {
    const file = vscode.workspace.asRelativePath(document.uri);
    switch (placement.kind) {
      case "placed":
        return this.proposals.show(document, placement.text, propose, turn);
      case "unchanged":
        await vscode.window.showInformationMessage(vscode.l10n.t("{file} already has this code.", { file }));
        return;
      case "not-placed": {
        const message =
          placement.reason === "ambiguous"
            ? vscode.l10n.t("This code fits several places in {file}.", { file })
            : vscode.l10n.t("The place of this code in {file} was not found.", { file });
        const insert = vscode.l10n.t("Insert at Cursor");
        const replaceAll = vscode.l10n.t("Replace the Whole File…");
        const answer = await vscode.window.showWarningMessage(message, insert, replaceAll);
        if (answer === insert) return this.#insertInto(document, text);
        if (answer === replaceAll) return this.#proposeWhole(document, text, turn);
      }
    }
  }

  /** Creates a file. Where there is one already, it is not overwritten: the code is proposed as its new text. */
  async #create(code: AnswerCode): Promise<void> {
    const existing = await createFile(code);
    if (existing === undefined) return;
    const document = await vscode.workspace.openTextDocument(existing);
    await this.#proposeWhole(document, codeFor(document, code), code.turn);
  }

  async #proposeWhole(document: vscode.TextDocument, text: string, turn: Turn | undefined): Promise<void> {
    const propose: Propose = (current) => {
      const replaced = replaceWhole(current, text);
      return replaced === current ? { kind: "unchanged" } : { kind: "placed", text: replaced };
    };
    await this.#propose({ document, text, propose, placement: propose(document.getText()), turn });
  }

  async #insertInto(document: vscode.TextDocument, text: string): Promise<void> {
    const current = currentEditor();
    const isCurrent = current?.document.uri.toString() === document.uri.toString();
    await insertCode(text, isCurrent ? current : await vscode.window.showTextDocument(document));
  }

  #activeDocument(): vscode.Uri | undefined {
    const shown = vscode.window.activeTextEditor?.document.uri;
    return (
      (shown === undefined ? undefined : this.proposals.targetOf(shown)) ?? currentEditor()?.document.uri
    );
  }

  /** Reports that the code has no file, and offers to create it, or to apply the code to the active file. */
  async #offerWithoutFile(
    code: AnswerCode,
    path: string | undefined,
    active: vscode.Uri | undefined,
  ): Promise<vscode.Uri | undefined> {
    const message =
      path === undefined
        ? vscode.l10n.t("The code names no file, and no file is open.")
        : vscode.l10n.t("“{name}” is not in this workspace.", { name: path });
    const create = vscode.l10n.t("Create File…");
    const applyToActive =
      active === undefined
        ? []
        : [vscode.l10n.t("Apply to {file}", { file: vscode.workspace.asRelativePath(active) })];
    const answer = await vscode.window.showInformationMessage(message, create, ...applyToActive);
    if (answer === create) await this.#create(code);
    return answer !== undefined && answer !== create ? active : undefined;
  }
}

async function placeIn(uri: vscode.Uri, code: AnswerCode): Promise<Target> {
  const document = await vscode.workspace.openTextDocument(uri);
  const text = codeFor(document, code);
  const propose: Propose = (current) => placeBlock(current, { text, language: code.language });
  return { document, text, propose, placement: propose(document.getText()), turn: code.turn };
}

/** A comment that names the file is no part of it, unless the file has the same comment. */
function codeFor(document: vscode.TextDocument, code: ShownCode): string {
  const { comment } = namedFile(code);
  const isApart = comment !== undefined && !document.getText().includes(comment.trim());
  return isApart ? withoutFirstLine(code.text) : code.text;
}
