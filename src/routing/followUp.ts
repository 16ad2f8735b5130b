import { ASKING_WORDS, FOLLOWING_PHRASES, FOLLOWING_WORDS, POINTING_WORDS } from "./followUpWords.ts";

/** More words than these are a prompt of their own. */
const MOST_WORDS = 4;

/** No four words of a follow-up are longer; nothing longer is looked at. */
const MOST_CHARACTERS = 60;

/**
 * Whether a text says nothing that it could be routed by. It has at most four words, in any case and with any marks
 * around them, and
 * - each of them is a number, or one that agrees, goes on, chooses or thanks ("yes please", "mach weiter", "option 2"), or
 * - one of them points to what was before, and none asks: "commit it", "mach das kürzer", but not "what is it" or "is it
 *   thread-safe?";
 * or it is a phrase of the kind in a language without spaces ("继续"), or has no words at all ("👍", "?").
 */
export function soundsLikeFollowUp(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > MOST_CHARACTERS) return false;
  const words = trimmed
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/(?<=\p{L})['’](?=(?:s|re|t)(?!\p{L}))/gu, "")
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  if (words === null) return true;
  if (words.length > MOST_WORDS) return false;
  if (words.every(leadsNowhere)) return true;
  const asks = /[?？؟]/.test(trimmed) || words.some((word) => ASKING_WORDS.has(word));
  return !asks && words.some((word) => POINTING_WORDS.has(word));
}

function leadsNowhere(word: string): boolean {
  return (
    FOLLOWING_WORDS.has(word) || POINTING_WORDS.has(word) || FOLLOWING_PHRASES.has(word) || isChoice(word)
  );
}

/** One of what was offered; a longer number may be anything. */
function isChoice(word: string): boolean {
  return /^\p{Nd}{1,2}$/u.test(word);
}
