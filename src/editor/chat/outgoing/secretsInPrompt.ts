import { createHash } from "node:crypto";
import { isCode } from "../../../assistant/context.ts";
import type { FoundSecret } from "../../../assistant/secrets/findSecrets.ts";
import type { ContextItem } from "../../../contract/context.ts";
import type { Prompt, Turn } from "../../../contract/conversation.ts";
import type { PlacedSecret } from "../../../contract/view/secretMessages.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { contextChip } from "../conversationView.ts";

/** A secret, by the digest of its text, and where it is. */
export type SecretInPrompt = PlacedSecret & { readonly digest: string };

/** What leaves this machine with a prompt: itself, and earlier turns of its conversation. */
export type OutgoingTexts = { readonly prompt: Prompt; readonly turns: readonly Turn[] };

export type Inspected = OutgoingTexts & {
  /** The secrets that are left. */
  readonly secrets: readonly SecretInPrompt[];
};

/**
 * Finds the secrets in everything that leaves with a prompt, and replaces those whose digest is to be blanked out.
 * @returns the same objects where nothing was replaced
 */
export async function inspect(
  { prompt, turns }: OutgoingTexts,
  isBlankedOut: (digest: string) => boolean,
): Promise<Inspected> {
  // A bundle of its own: it is large, and most prompts do not need it at once.
  const { blankOut, findSecrets } = await import("../../../assistant/secrets/findSecrets.ts");
  const secrets: SecretInPrompt[] = [];
  const read = async (text: string, placeAt: (start: number) => PlacedSecret["place"]) => {
    const removed: FoundSecret[] = [];
    for (const found of text === "" ? [] : await findSecrets(text)) {
      const digest = digestOf(text.slice(found.start, found.end));
      if (isBlankedOut(digest)) removed.push(found);
      else secrets.push({ place: placeAt(found.start), secret: found.kind, digest });
    }
    return { text: removed.length === 0 ? text : blankOut(text, removed), removed };
  };
  const readSilently = async (text: string) => {
    const found = await findSecrets(text);
    const removed = found.filter(({ start, end }) => isBlankedOut(digestOf(text.slice(start, end))));
    return removed.length === 0 ? text : blankOut(text, removed);
  };
  const readContext = async (item: ContextItem): Promise<ContextItem> => {
    const line = (start: number) =>
      isCode(item) ? item.startLine + lineAt(item.text, start) - 1 : undefined;
    const { text, removed } = await read(item.text, (start) => ({
      kind: "context",
      item: contextChip(item),
      line: line(start),
    }));
    if (removed.length === 0) return item;
    const removedSecrets = (item.removedSecrets ?? 0) + removed.length;
    const changed = { ...item, text, tokens: estimateTokens(text), removedSecrets };
    // The chip shows the command, whose secrets the text has too.
    return changed.kind === "terminal"
      ? { ...changed, command: await readSilently(changed.command) }
      : changed;
  };
  const readPrompt = async (each: Prompt, isEarlier: boolean): Promise<Prompt> => {
    const isLong = each.text.includes("\n");
    const { text } = await read(each.text, (start) =>
      isEarlier
        ? { kind: "earlier-prompt" }
        : { kind: "prompt", line: isLong ? lineAt(each.text, start) : undefined },
    );
    const { text: instructions } = await read(each.instructions ?? "", () => ({
      kind: isEarlier ? "earlier-prompt" : "instructions",
    }));
    const context: ContextItem[] = [];
    for (const item of each.context) context.push(await readContext(item));
    const isSame =
      text === each.text &&
      instructions === (each.instructions ?? "") &&
      context.every((item, index) => item === each.context[index]);
    if (isSame) return each;
    return { ...each, text, context, ...(each.instructions === undefined ? {} : { instructions }) };
  };
  const readTurn = async (turn: Turn): Promise<Turn> => {
    const { answer } = turn;
    const earlier = await readPrompt(turn.prompt, true);
    const { text, removed } = await read(answer.text, () => ({ kind: "earlier-answer" }));
    if (removed.length === 0) return earlier === turn.prompt ? turn : { ...turn, prompt: earlier };
    const handoffs = answer.handoffs?.map((handoff) => {
      const before = removed.filter(({ end }) => end <= handoff.at);
      return { ...handoff, at: blankOut(answer.text.slice(0, handoff.at), before).length };
    });
    return { ...turn, prompt: earlier, answer: { ...answer, text, handoffs } };
  };

  const readNew = await readPrompt(prompt, false);
  const readTurns: Turn[] = [];
  for (const turn of turns) readTurns.push(await readTurn(turn));
  return { prompt: readNew, turns: readTurns, secrets };
}

function digestOf(secret: string): string {
  return createHash("sha256").update(secret).digest("base64url");
}

/** The number of the line that a place in a text is in, from 1. */
function lineAt(text: string, place: number): number {
  return text.slice(0, place).split("\n").length;
}
