/**
 * The file format of an exported conversation: JSON, described in docs/conversations.md. A change that an older version
 * cannot read raises the version.
 */
import * as l10n from "@vscode/l10n";
import * as v from "valibot";
import { isRecord } from "../../base/isRecord.ts";
import { JsonTooDeep, JsonTooManyValues, parseBoundedJson } from "../../base/json.ts";
import type { Turn, TurnPlace } from "../../contract/conversation.ts";
import { issueTexts } from "../../settings/problems.ts";
import { conversationSchema, type WholeConversation } from "./conversationSchema.ts";

const FORMAT = "switchyard-conversation";
const VERSION = 1;

/** A file of 1,000 long turns has about 200,000 values. */
const MOST_VALUES = 3_000_000;

/** A file that cannot be imported. The message has the reason. */
class UnreadableConversation extends Error {
  override readonly name = "UnreadableConversation";
}

/** Returns the text of the file. It holds everything but the id of the user and the addresses of attached files. */
export function writeConversationFile(conversation: WholeConversation, exportedAtMs: number): string {
  const turns = conversation.turns.map((turn) => withoutSources(withoutUser(turn)));
  const file = { format: FORMAT, version: VERSION, exportedAtMs, conversation: { ...conversation, turns } };
  return `${JSON.stringify(file, undefined, 2)}\n`;
}

/**
 * Reads a file that `writeConversationFile` has written, or anyone else. Fields that this version does not know are
 * dropped.
 * @throws UnreadableConversation
 */
export function readConversationFile(text: string): WholeConversation {
  const data = parse(text);
  if (!isRecord(data) || data["format"] !== FORMAT) {
    throw new UnreadableConversation(
      l10n.t("It is not an exported conversation: “format” is not “{format}”.", { format: FORMAT }),
    );
  }
  const version = data["version"];
  if (typeof version !== "number" || version > VERSION) {
    throw new UnreadableConversation(
      l10n.t("Its format has version {version}, and this version of Switchyard reads up to {latest}.", {
        version: String(JSON.stringify(version)),
        latest: VERSION,
      }),
    );
  }
  const parsed = v.safeParse(conversationSchema, data["conversation"], { abortPipeEarly: true });
  if (!parsed.success) throw new UnreadableConversation(issueTexts(parsed.issues, data["conversation"])[0]);
  const { turns, ...header } = parsed.output;
  assertTree(turns, header.tree);
  assertSum(turns);
  return { ...header, turns: turns.map(withoutSources) };
}

function parse(text: string): unknown {
  try {
    return parseBoundedJson(text, MOST_VALUES);
  } catch (error) {
    if (error instanceof JsonTooDeep || error instanceof JsonTooManyValues) {
      throw new UnreadableConversation(`${error.message}.`);
    }
    throw new UnreadableConversation(l10n.t("It is not JSON."));
  }
}

/** The ids must be unique, and a turn must come after the one that it follows, so that the tree has no circle. */
function assertTree(turns: readonly Turn[], tree: readonly TurnPlace[] | undefined): void {
  const ids = new Set(turns.map(({ id }) => id));
  if (ids.size < turns.length) throw new UnreadableConversation(l10n.t("Two turns have the same id."));
  if (tree === undefined) return;
  if (tree.length !== turns.length || tree.some(({ id }, index) => id !== turns[index]?.id)) {
    throw new UnreadableConversation(l10n.t("“tree” does not have the ids of “turns” in their order."));
  }
  const before = new Map<string, TurnPlace>();
  for (const place of tree) {
    const { parent, variantOf } = place;
    const isAfterParent = parent === null || before.has(parent);
    const isVariant = variantOf === null || before.get(variantOf)?.parent === parent;
    if (!isAfterParent || !isVariant) {
      throw new UnreadableConversation(l10n.t("“tree” puts a turn before the one that it follows."));
    }
    before.set(place.id, place);
  }
}

/** The ledger sums the costs as integers. */
function assertSum(turns: readonly Turn[]): void {
  const costs = turns.flatMap(({ answer }) => answer.summary?.cost ?? []);
  const sum = costs.reduce((total, cost) => total + (cost.kind === "unknown" ? 0 : cost.nanoUsd), 0);
  if (sum > Number.MAX_SAFE_INTEGER)
    throw new UnreadableConversation(l10n.t("The costs of its answers are too large."));
}

function withoutUser(turn: Turn): Turn {
  const { decision } = turn.answer;
  if (decision === undefined) return turn;
  const attributes = { ...decision.attributes, user: "" };
  return { ...turn, answer: { ...turn.answer, decision: { ...decision, attributes } } };
}

/** Attached items lose their address: it is that of a file on one machine, and a file from elsewhere must not name any. */
function withoutSources(turn: Turn): Turn {
  const context = turn.prompt.context.map((item) => ({ ...item, source: undefined }));
  return { ...turn, prompt: { ...turn.prompt, context } };
}
