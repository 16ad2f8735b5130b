import { homedir } from "node:os";
import * as vscode from "vscode";
import { readConversationFile, writeConversationFile } from "../../../assistant/transfer/conversationFile.ts";
import { conversationMarkdown } from "../../../assistant/transfer/conversationMarkdown.ts";
import { importConversation } from "../../../assistant/transfer/importConversation.ts";
import type { History } from "../../../contract/history.ts";

export type ConversationFilesDeps = {
  readonly history: () => Promise<Pick<History, "wholeConversation" | "conversation" | "addConversation">>;
  readonly now: () => number;
  readonly newId: () => string;
};

type Format = vscode.QuickPickItem & { readonly extension: "md" | "json" };

/** Larger files are not read: no conversation that a person has written is this long. */
const MOST_BYTES = 100_000_000;

const LONGEST_NAME = 60;

/** Exports conversations to files that the user names, and imports them. */
export class ConversationFiles {
  readonly #deps: ConversationFilesDeps;

  constructor(deps: ConversationFilesDeps) {
    this.#deps = deps;
  }

  /** Lets the user choose a format and a file, and writes the conversation there. */
  async export(id: string): Promise<void> {
    const history = await this.#deps.history();
    const format = await askForFormat();
    const found = format && (await history.wholeConversation(id));
    if (format === undefined || found === undefined) return;
    const { isPinned, ...whole } = found;
    const name = `${fileName(whole.title)}.${format.extension}`;
    const uri = await vscode.window.showSaveDialog({
      defaultUri: vscode.Uri.joinPath(defaultFolder(), name),
      filters: { [format.label]: [format.extension] },
      title: vscode.l10n.t("Export Conversation"),
    });
    if (uri === undefined) return;
    const text =
      format.extension === "json"
        ? writeConversationFile(whole, this.#deps.now())
        : conversationMarkdown((await history.conversation(id)) ?? whole, vscode.env.language);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    await offerToOpen(uri);
  }

  /** Lets the user choose a file and imports it. Returns the new conversation's id; undefined if the user cancels. */
  async import(): Promise<string | undefined> {
    const [uri] =
      (await vscode.window.showOpenDialog({
        filters: { [vscode.l10n.t("Exported conversation")]: ["json"] },
        title: vscode.l10n.t("Import Conversation"),
        openLabel: vscode.l10n.t("Import"),
      })) ?? [];
    if (uri === undefined) return undefined;
    try {
      const read = readConversationFile(await readText(uri));
      const { now, newId, history } = this.#deps;
      return await importConversation(read, { history: await history(), now, newId });
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(vscode.l10n.t("{file} was not imported. {reason}", { file: nameOf(uri), reason }), {
        cause: error,
      });
    }
  }
}

function askForFormat(): Promise<Format | undefined> {
  const formats: Format[] = [
    { label: "Markdown", description: vscode.l10n.t("to read"), extension: "md" },
    {
      label: "JSON",
      description: vscode.l10n.t("to import again, with attached code and all variants"),
      extension: "json",
    },
  ];
  return Promise.resolve(
    vscode.window.showQuickPick(formats, { title: vscode.l10n.t("Export Conversation") }),
  );
}

/** The workspace's folder, else the user's. */
function defaultFolder(): vscode.Uri {
  return vscode.workspace.workspaceFolders?.[0]?.uri ?? vscode.Uri.file(homedir());
}

/** Returns a title as a file name that every operating system takes. */
function fileName(title: string): string {
  const plain = title
    // biome-ignore lint/suspicious/noControlCharactersInRegex: file names must not contain them
    .replace(/[\u0000-\u001f<>:"/\\|?*]+/gu, " ")
    .replace(/\s+/gu, " ")
    .replace(/^[. ]+|[. …]+$/gu, "");
  return [...plain].slice(0, LONGEST_NAME).join("").trim() || vscode.l10n.t("Conversation");
}

async function offerToOpen(uri: vscode.Uri): Promise<void> {
  const open = vscode.l10n.t("Open");
  const message = vscode.l10n.t("Exported to {file}.", { file: nameOf(uri) });
  if ((await vscode.window.showInformationMessage(message, open)) !== open) return;
  await vscode.commands.executeCommand("vscode.open", uri);
}

async function readText(uri: vscode.Uri): Promise<string> {
  const { size } = await vscode.workspace.fs.stat(uri);
  if (size > MOST_BYTES) throw new Error(vscode.l10n.t("The file is larger than 100 MB."));
  const bytes = await vscode.workspace.fs.readFile(uri);
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Error(vscode.l10n.t("It is not UTF-8 text."), { cause });
  }
}

function nameOf(uri: vscode.Uri): string {
  return uri.path.slice(uri.path.lastIndexOf("/") + 1);
}
