import { randomUUID } from "node:crypto";
import type * as vscode from "vscode";

const KEY = "switchyard.userId";

/** Who this is in experiments where the settings do not say: a random id, made once. */
export function userIdIn(memory: vscode.Memento, onError: (error: unknown) => void): string {
  const known = memory.get<string>(KEY);
  if (known !== undefined) return known;
  const made = randomUUID();
  memory.update(KEY, made).then(undefined, onError);
  return made;
}
