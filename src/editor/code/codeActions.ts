import * as vscode from "vscode";
import { namedFile, type ShownCode } from "../../assistant/codeBlock/namedFile.ts";
import { placeBlock, replaceWhole } from "../../assistant/edits/placeBlock.ts";
import type { CodeUse } from "../../contract/view/codeMessages.ts";
import { createFile, withoutFirstLine } from "./createFile.ts";
import { insertCode } from "./insertCode.ts";
import { Proposals, type Propose } from "./proposals.ts";
import { typeIntoTerminal } from "./runInTerminal.ts";
import { currentEditor } from "./textEditors.ts";
import { WorkspaceFiles } from "./workspaceFiles.ts";

/** Carries out what the buttons of a code block and the file names of an answer do. */
export class CodeActions implements vscode.Disposable {
  readonly files = new WorkspaceFiles();
  readonly proposals = new Proposals();

  async use(use: CodeUse, code: ShownCode): Promise<void> {
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

  /** Proposes a file with the code in it: the one that the code names, else the active one. */
  async #apply(code: ShownCode): Promise<void> {
    const target = await this.#target(code);
    if (target === undefined) return;
    const document = await vscode.workspace.openTextDocument(target);
    const text = codeFor(document, code);
    const propose: Propose = (current) => placeBlock(current, { text, language: code.language });
    const placement = propose(document.getText());
    const file = vscode.workspace.asRelativePath(target);
    switch (placement.kind) {
      case "placed":
        return this.proposals.show(document, placement.text, propose);
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
        if (answer === replaceAll) return this.#proposeWhole(document, text);
      }
    }
  }

  /** Creates a file. Where there is one already, it is not overwritten: the code is proposed as its new text. */
  async #create(code: ShownCode): Promise<void> {
    const existing = await createFile(code);
    if (existing === undefined) return;
    const document = await vscode.workspace.openTextDocument(existing);
    await this.#proposeWhole(document, codeFor(document, code));
  }

  async #proposeWhole(document: vscode.TextDocument, text: string): Promise<void> {
    const propose: Propose = (current) => {
      const replaced = replaceWhole(current, text);
      return replaced === current ? { kind: "unchanged" } : { kind: "placed", text: replaced };
    };
    const placement = propose(document.getText());
    if (placement.kind === "placed") return this.proposals.show(document, placement.text, propose);
    const file = vscode.workspace.asRelativePath(document.uri);
    await vscode.window.showInformationMessage(vscode.l10n.t("{file} already has this code.", { file }));
  }

  async #insertInto(document: vscode.TextDocument, text: string): Promise<void> {
    const current = currentEditor();
    const isCurrent = current?.document.uri.toString() === document.uri.toString();
    await insertCode(text, isCurrent ? current : await vscode.window.showTextDocument(document));
  }

  /** The document that code is for; undefined if there is none, which the user was told, or if the user chose none. */
  async #target(code: ShownCode): Promise<vscode.Uri | undefined> {
    const { stated, mentioned } = namedFile(code);
    const active = this.#activeDocument();
    if (stated !== undefined) {
      const { uri, exists } = await this.files.choose(stated.path);
      return exists ? uri : this.#offerWithoutFile(code, stated.path, active);
    }
    for (const { path } of mentioned) {
      const { uri, exists } = await this.files.choose(path);
      if (exists) return uri;
    }
    return active ?? this.#offerWithoutFile(code, undefined, undefined);
  }

  #activeDocument(): vscode.Uri | undefined {
    const shown = vscode.window.activeTextEditor?.document.uri;
    return (
      (shown === undefined ? undefined : this.proposals.targetOf(shown)) ?? currentEditor()?.document.uri
    );
  }

  /** Says that the code has no file, and offers what is left: to create it, or to take the active file. */
  async #offerWithoutFile(
    code: ShownCode,
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

/** A comment that names the file is no part of it, unless the file has the same comment. */
function codeFor(document: vscode.TextDocument, code: ShownCode): string {
  const { comment } = namedFile(code);
  const isApart = comment !== undefined && !document.getText().includes(comment.trim());
  return isApart ? withoutFirstLine(code.text) : code.text;
}
