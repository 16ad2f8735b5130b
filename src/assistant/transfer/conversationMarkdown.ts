import * as l10n from "@vscode/l10n";
import type { AnswerSummary } from "../../contract/answer.ts";
import type { ContextItem } from "../../contract/context.ts";
import type { Answer, Prompt } from "../../contract/conversation.ts";
import { answeringModel, failedModel } from "../../explain/attempts.ts";
import { describeBrokenAnswer, describeStoppedAnswer } from "../../explain/broken.ts";
import { describeRoute } from "../../explain/decision/routes.ts";
import { failureTitle } from "../../explain/failures.ts";
import { formatDuration } from "../../explain/format.ts";
import { describeAnswerCost } from "../../explain/money.ts";
import { type ModelNames, modelNames, providerName } from "../../explain/names.ts";
import { describeTotalCost, totalsOf } from "../../explain/totals.ts";
import { isCode, placeOf } from "../context.ts";
import type { WholeConversation } from "./conversationSchema.ts";

/** A conversation as a document to read: the turns that are shown, each answer with its model, route, cost and time. */
export function conversationMarkdown(
  { title, turns, createdAtMs }: Pick<WholeConversation, "title" | "turns" | "createdAtMs">,
  locale?: string,
): string {
  const summaries = turns.flatMap(({ answer }) => answer.summary ?? []);
  const names = modelNames(summaries.flatMap((summary) => answeringModel(summary) ?? []));
  const date = new Date(createdAtMs).toLocaleDateString(locale, { dateStyle: "long" });
  const cost = describeTotalCost(totalsOf(summaries));
  const parts = turns.flatMap(({ prompt, answer }) => [
    `## ${l10n.t("You")}`,
    ...promptParts(prompt),
    `## ${answerHeading(answer, names)}`,
    ...answerParts(answer, names),
  ]);
  return `${[`# ${oneLine(title)}`, `*${date} · ${cost}*`, ...parts].join("\n\n")}\n`;
}

function promptParts({ text, command, context }: Prompt): readonly string[] {
  const typed = command === undefined ? text : `\`/${command}\` ${text}`.trimEnd();
  const attached = context.map(contextName).join(", ");
  return [
    ...(typed === "" ? [] : [withClosedFence(typed)]),
    ...(attached === "" ? [] : [l10n.t("Attached: {files}", { files: attached })]),
  ];
}

function contextName(item: ContextItem): string {
  const code = (text: string) => `\`${oneLine(text).replaceAll("`", "'")}\``;
  if (isCode(item)) return code(placeOf(item));
  switch (item.kind) {
    case "folder":
      return code(`${item.path}/`);
    case "problems":
      return l10n.t("problems");
    case "terminal":
      return code(`$ ${item.command}`);
    case "changes":
      return l10n.t("uncommitted changes");
    case "image":
      return code(item.name);
  }
}

function answerHeading({ summary }: Answer, names: ModelNames): string {
  const ref = summary && answeringModel(summary);
  return ref === undefined ? l10n.t("No answer") : oneLine(names(ref));
}

function answerParts({ text, summary, decision }: Answer, names: ModelNames): readonly string[] {
  const note = summary === undefined ? l10n.t("This answer is not complete.") : endingNote(summary, names);
  const figures =
    summary === undefined || summary.ending.kind === "not-sent"
      ? []
      : [
          ...(decision === undefined ? [] : [oneLine(describeRoute(decision))]),
          describeAnswerCost(summary),
          formatDuration(summary.tookMs),
        ];
  return [
    ...(text === "" ? [] : [withClosedFence(text)]),
    ...(note === undefined ? [] : [`> ${oneLine(note)}`]),
    ...(figures.length === 0 ? [] : [`*${figures.join(" · ")}*`]),
  ];
}

/** How the answer ended; undefined if it is complete. */
function endingNote(summary: AnswerSummary, names: ModelNames): string | undefined {
  const { ending, modelUsed } = summary;
  switch (ending.kind) {
    case "complete":
      return undefined;
    case "stopped":
      return describeStoppedAnswer(ending.interrupted === true);
    case "not-sent":
      return l10n.t("Not sent");
    case "failed": {
      const { failure } = ending;
      if (modelUsed !== undefined) return describeBrokenAnswer(summary, failure, names);
      const model = names(failedModel(summary, failure) ?? "");
      return failureTitle(failure, { model, provider: providerName(failure.provider, {}) });
    }
  }
}

/** Closes a code block that a text leaves open, as one that was cut does: it would contain the rest of the document. */
function withClosedFence(text: string): string {
  let open: string | undefined;
  for (const line of text.split("\n")) {
    const [, fence = "", rest = ""] = /^ {0,3}(`{3,}|~{3,})(.*)$/su.exec(line) ?? [];
    if (fence === "") continue;
    if (open === undefined) open = fence;
    else if (fence.startsWith(open) && rest.trim() === "") open = undefined;
  }
  return open === undefined ? text : `${text}\n${open}`;
}

function oneLine(text: string): string {
  return text.replace(/\s+/gu, " ").trim();
}
