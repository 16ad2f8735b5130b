import { rawMembers } from "./rawMembers.ts";

type Body = Readonly<Record<string, unknown>>;

/**
 * A body that a client wrote, sent on as it came but for what the Ask says better.
 * @param ours fields that stand in place of the client's
 * @param dropped fields of the client's that are not sent
 * @param appended comes after the client's messages
 */
export function clientBody(
  body: Body,
  ours: Body,
  dropped: readonly string[],
  appended: readonly unknown[],
): Body {
  const kept = Object.entries(body).filter(([name]) => !dropped.includes(name));
  const { messages } = body;
  const together =
    appended.length > 0 && Array.isArray(messages) ? { messages: [...messages, ...appended] } : {};
  return { ...Object.fromEntries(kept), ...together, ...ours };
}

/** The same as JSON, where nothing is appended: the client's fields as they are written in `text`, where that is all of `body`. */
export function clientBodyText(text: string, body: Body, ours: Body, dropped: readonly string[]): string {
  const written = rawMembers(text, body);
  if (written === undefined) return JSON.stringify(clientBody(body, ours, dropped, []));
  const kept = [...written].filter(([name]) => !dropped.includes(name) && !Object.hasOwn(ours, name));
  const all = [...kept, ...Object.entries(ours).map(([name, value]) => [name, JSON.stringify(value)])];
  return `{${all.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`;
}
