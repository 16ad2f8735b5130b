import * as vscode from "vscode";
import { type EditTarget, type Mask, textToSend } from "../../assistant/edits/selected/editRequest.ts";
import type { Engine } from "../../engine/engine.ts";
import type { EngineRequest } from "../../engine/request.ts";
import { formatList } from "../../explain/format.ts";
import { modelName } from "../../explain/names.ts";

/**
 * Asks what to do with keys and passwords in a request that is about to leave this machine. Returns the target as it may be
 * sent: with placeholders for them, or as it is; undefined if the user cancels. What only models on this machine read is not
 * searched.
 * @param requestFor the request for a target
 * @param allowed the secrets that the user lets go; those of this answer are added
 */
export async function askAboutSecrets(
  engine: Pick<Engine, "reach">,
  target: EditTarget,
  requestFor: (target: EditTarget) => EngineRequest,
  allowed: Set<string>,
): Promise<EditTarget | undefined> {
  const request = requestFor(target);
  const { firstRemote } = await engine.reach(request);
  if (firstRemote === undefined) return target;
  const { findSecrets } = await import("../../assistant/secrets/findSecrets.ts");
  const text = textToSend(request);
  const found = (await findSecrets(text)).map(
    ({ start, end, kind }) => [text.slice(start, end), kind] as const,
  );
  const values = new Map(found.filter(([value]) => !allowed.has(value)));
  if (values.size === 0) return target;
  const kinds = formatList([...new Set(values.values())]);
  const blankOut = vscode.l10n.t("Blank It Out and Send");
  const sendAsIs = vscode.l10n.t("Send as It Is");
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t(
      "The code of this edit contains what looks like a secret: {kinds}. It would leave this machine.",
      {
        kinds,
      },
    ),
    {
      modal: true,
      detail: vscode.l10n.t(
        "It would be sent to {model}. Blanked out, the model reads a placeholder, and the code keeps its value.",
        { model: modelName(firstRemote) },
      ),
    },
    blankOut,
    sendAsIs,
  );
  if (answer === undefined) return undefined;
  if (answer === blankOut) return { ...target, masks: withMasks(target.masks, values) };
  for (const value of values.keys()) allowed.add(value);
  return target;
}

/** Adds placeholders to those that earlier requests of the edit have. */
function withMasks(masks: readonly Mask[] = [], values: ReadonlyMap<string, string>): readonly Mask[] {
  const added = [...values].map(([value, kind], index) => ({
    value,
    placeholder: `[removed: ${kind} ${masks.length + index + 1}]`,
  }));
  return [...masks, ...added];
}
