import { t } from "@vscode/l10n";

/** “8 s”, “3 min”: how long until something, rounded up so that waiting that long is enough. */
export function waitWords(ms: number): string {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  if (seconds < 100) return t("{seconds}\u00a0s", { seconds });
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 100) return t("{minutes}\u00a0min", { minutes });
  return t("{hours}\u00a0h", { hours: Math.ceil(minutes / 60) });
}
