import * as vscode from "vscode";
import type { Gathered } from "../../../assistant/context.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { isPrivateDocument, placeOfDocument } from "./places.ts";
import { nothing } from "./source.ts";

/** A name in the code, and where it is. */
export type SymbolPlace = { readonly name: string; readonly uri: vscode.Uri; readonly range: vscode.Range };

/** Returns the symbols of the active file, and of the workspace, whose names contain a text. */
export async function findSymbols(query: string): Promise<readonly SymbolPlace[]> {
  const document = vscode.window.activeTextEditor?.document;
  const inFile = document === undefined ? [] : await symbolsOf(document.uri);
  const inWorkspace = await run<vscode.SymbolInformation>("vscode.executeWorkspaceSymbolProvider", query);
  const all = [
    ...inFile,
    ...inWorkspace.map(({ name, location: { uri, range } }) => ({ name, uri, range })),
  ].filter(({ name }) => name.toLowerCase().includes(query.toLowerCase()));
  const key = ({ name, uri, range }: SymbolPlace) => `${name} ${uri.toString()} ${range.start.line}`;
  return [...new Map(all.map((symbol) => [key(symbol), symbol])).values()];
}

/** Gathers the definition of a symbol. */
export async function symbol(
  { name, uri, range }: SymbolPlace,
  privatePaths: readonly string[],
): Promise<Gathered> {
  const { path } = placeOfDocument(uri);
  let document: vscode.TextDocument;
  try {
    document = await vscode.workspace.openTextDocument(uri);
  } catch {
    return nothing(vscode.l10n.t("{file} cannot be read as text.", { file: path }));
  }
  // Some languages report only the name's place for the workspace, and the whole definition for a file.
  const whole = (await symbolsOf(uri)).find((each) => each.name === name && each.range.contains(range));
  const { start, end } = document.validateRange(whole?.range ?? range);
  const text = document.getText(new vscode.Range(start.with(undefined, 0), document.lineAt(end).range.end));
  return {
    kind: "items",
    items: [
      {
        kind: "symbol",
        name,
        path,
        language: document.languageId,
        startLine: start.line + 1,
        endLine: end.line + 1,
        text,
        tokens: estimateTokens(text),
        isPrivate: isPrivateDocument(privatePaths, uri),
        source: uri.toString(),
      },
    ],
  };
}

/** Returns all symbols of a file, also those inside of others. */
async function symbolsOf(uri: vscode.Uri): Promise<readonly SymbolPlace[]> {
  const found = await run<vscode.DocumentSymbol | vscode.SymbolInformation>(
    "vscode.executeDocumentSymbolProvider",
    uri,
  );
  return found.flatMap((each) =>
    "children" in each
      ? flattened(each, uri)
      : [{ name: each.name, uri: each.location.uri, range: each.location.range }],
  );
}

function flattened(
  { name, range, children }: vscode.DocumentSymbol,
  uri: vscode.Uri,
): readonly SymbolPlace[] {
  return [{ name, uri, range }, ...children.flatMap((child) => flattened(child, uri))];
}

/** VS Code's commands return undefined where no extension provides symbols. */
async function run<T>(command: string, argument: unknown): Promise<readonly T[]> {
  return (await vscode.commands.executeCommand<readonly T[] | undefined>(command, argument)) ?? [];
}
