import { createHash } from "node:crypto";
import * as vscode from "vscode";
import { isRecord } from "../../../base/isRecord.ts";
import { readJsonc } from "../../../settings/jsonc.ts";
import { placeOfDocument } from "../../chat/context/places.ts";

/** The command that checks the edits of a document, or why none runs. */
export type FolderCommand =
  | { readonly kind: "command"; readonly command: string; readonly folder: vscode.WorkspaceFolder }
  | { readonly kind: "not-set" }
  /** The workspace proposes one, and the user does not want it. */
  | { readonly kind: "declined" }
  | { readonly kind: "impossible"; readonly reason: string };

const SETTING = "switchyard.verify.command";
const MEMORY = "switchyard.verify.proposals";
/** A longer command would not be shown as a whole. */
const MAX_PROPOSED_CHARACTERS = 300;
/** They would make a command look like another one, or push its end out of sight. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]| {3}|[^\S ]/u;

/**
 * Finds the command: the user's own setting, else the one that the workspace proposes in its settings files, if the user
 * has confirmed it. VS Code ignores the setting there, because it has the scope `application`.
 * @param memory what the user answered: for each workspace and command once
 * @param isAsked the user runs the command by hand: a proposal that was declined is shown again
 */
export async function folderCommand(
  uri: vscode.Uri,
  ownCommand: string,
  memory: vscode.Memento,
  isAsked: boolean,
): Promise<FolderCommand> {
  const { folder, path } = placeOfDocument(uri);
  const own = ownCommand.trim();
  const impossible = (reason: string) => ({ kind: "impossible", reason }) as const;
  const notSet = { kind: "not-set" } as const;
  // Nothing in a workspace is trusted before the user trusts it, not even its proposal.
  if (!vscode.workspace.isTrusted)
    return own === "" ? notSet : impossible(vscode.l10n.t("In Restricted Mode no command checks an edit."));
  const proposed = own === "" && folder !== undefined ? await proposedCommand(folder) : undefined;
  const command = own === "" ? proposed : own;
  if (command === undefined) return notSet;
  if (folder === undefined)
    return impossible(
      vscode.l10n.t("{file} is in no folder of the workspace, so no command checks it.", { file: path }),
    );
  if (folder.uri.scheme !== "file" && folder.uri.scheme !== "vscode-remote")
    return impossible(
      vscode.l10n.t("{folder} is in a virtual file system, where no command can run.", {
        folder: folder.name,
      }),
    );
  if (own !== "") return { kind: "command", command, folder };
  if (command.length > MAX_PROPOSED_CHARACTERS || HIDDEN.test(command))
    return impossible(
      vscode.l10n.t(
        "The command that this workspace proposes is too long or contains characters that cannot be shown, so it does not run.",
      ),
    );
  return (await isConfirmed(command, folder, memory, isAsked))
    ? { kind: "command", command, folder }
    : { kind: "declined" };
}

async function isConfirmed(
  command: string,
  folder: vscode.WorkspaceFolder,
  memory: vscode.Memento,
  isAsked: boolean,
): Promise<boolean> {
  const key = createHash("sha256")
    .update(JSON.stringify([folder.uri.toString(), command]))
    .digest("hex");
  const answers = memory.get<Readonly<Record<string, boolean>>>(MEMORY, {});
  const known = answers[key];
  if (known === true || (known === false && !isAsked)) return known;
  const run = vscode.l10n.t("Run After Each Edit");
  const never = vscode.l10n.t("Never");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t("{folder} proposes a command that checks edits.", { folder: folder.name }),
    {
      modal: true,
      detail: vscode.l10n.t(
        "{command}\n\nIt would run in this folder whenever you accept an edit. It can do whatever you can do on this machine.",
        { command },
      ),
    },
    run,
    never,
  );
  if (answer === undefined) return false;
  await memory.update(MEMORY, { ...answers, [key]: answer === run });
  return answer === run;
}

/** The command in the settings of a folder, else in those of the workspace file. */
async function proposedCommand({ uri }: vscode.WorkspaceFolder): Promise<string | undefined> {
  const { workspaceFile } = vscode.workspace;
  const ofFolder = await readFile(vscode.Uri.joinPath(uri, ".vscode", "settings.json"));
  const ofWorkspace = workspaceFile === undefined ? {} : (await readFile(workspaceFile))["settings"];
  return [ofFolder, ofWorkspace]
    .map((settings) => (isRecord(settings) ? settings[SETTING] : undefined))
    .filter((command) => typeof command === "string")
    .map((command) => command.trim())
    .find((command) => command !== "");
}

async function readFile(uri: vscode.Uri): Promise<Readonly<Record<string, unknown>>> {
  try {
    return readJsonc(new TextDecoder().decode(await vscode.workspace.fs.readFile(uri))).raw;
  } catch {
    // Most folders have no settings, and a workspace that is not saved has no file.
    return {};
  }
}
