import * as l10n from "@vscode/l10n";
import type { ConversationRow } from "../../../contract/view/types.ts";

export type DayGroup = { readonly name: string; readonly rows: readonly ConversationRow[] };

/** Groups conversations: pinned, then by calendar day today, yesterday and older. The order of the rows stays. */
export function groupByDay(listed: readonly ConversationRow[], nowMs: number): DayGroup[] {
  const rows = listed.filter(({ isPinned }) => isPinned !== true);
  const today = new Date(nowMs).setHours(0, 0, 0, 0);
  const date = new Date(today);
  const yesterday = date.setDate(date.getDate() - 1);
  const groups: DayGroup[] = [
    { name: l10n.t("Pinned"), rows: listed.filter(({ isPinned }) => isPinned === true) },
    { name: l10n.t("Today"), rows: rows.filter(({ updatedAtMs }) => updatedAtMs >= today) },
    {
      name: l10n.t("Yesterday"),
      rows: rows.filter(({ updatedAtMs }) => updatedAtMs >= yesterday && updatedAtMs < today),
    },
    { name: l10n.t("Older"), rows: rows.filter(({ updatedAtMs }) => updatedAtMs < yesterday) },
  ];
  return groups.filter((group) => group.rows.length > 0);
}

// Kept, because making one takes longer than everything else in a row of the list (`npm run bench conversations`).
const weekday = new Intl.DateTimeFormat(undefined, { weekday: "short" });
const dayOfYear = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" });
const day = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", year: "numeric" });

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** How old a conversation is: “12 min”, “2 h”, “Thu”, “3 Nov”. */
export function formatAge(atMs: number, nowMs: number): string {
  const ageMs = nowMs - atMs;
  if (ageMs < MINUTE_MS) return l10n.t("now");
  if (ageMs < HOUR_MS) return l10n.t("{minutes}\u00a0min", { minutes: Math.floor(ageMs / MINUTE_MS) });
  if (ageMs < DAY_MS) return l10n.t("{hours}\u00a0h", { hours: Math.floor(ageMs / HOUR_MS) });
  const at = new Date(atMs);
  if (ageMs < 6 * DAY_MS) return weekday.format(at);
  const isThisYear = at.getFullYear() === new Date(nowMs).getFullYear();
  return (isThisYear ? dayOfYear : day).format(at);
}
