import { type Answer, composeAnswer, piecesOf } from "./answers.ts";
import { isRecord, textOfContent } from "./wire.ts";

/** Asks for the rest of an answer, which is to begin with the words quoted in it. */
const BEGIN_WITH = /last words, word for word:\n\n([\s\S]+)\n\nThen go on\./;

/**
 * Answers the newest question of a conversation. Where the conversation ends with the beginning of that answer, or with the
 * wish that it be gone on with from its last words, only the rest is said, as a model would.
 */
export function answerTo(messages: readonly unknown[]): Answer {
  const said = messages.flatMap((message) =>
    isRecord(message) ? [{ role: message["role"], text: textOfContent(message["content"]) }] : [],
  );
  const last = said.at(-1);
  if (last?.role === "assistant") {
    const answer = composeAnswer(questionIn(said));
    return restOf(answer, (text) => (text.startsWith(last.text) ? last.text.length : 0));
  }
  const words = BEGIN_WITH.exec(last?.text ?? "")?.[1];
  if (words === undefined) return composeAnswer(questionIn(said));
  return restOf(composeAnswer(questionIn(said.slice(0, -1))), (text) => Math.max(0, text.indexOf(words)));
}

function questionIn(said: readonly { readonly role: unknown; readonly text: string }[]): string {
  return said.findLast(({ role, text }) => role === "user" && text !== "")?.text ?? "";
}

function restOf({ pieces, ...answer }: Answer, from: (text: string) => number): Answer {
  const text = [...pieces].join("");
  return { ...answer, pieces: piecesOf(text.slice(from(text))) };
}
