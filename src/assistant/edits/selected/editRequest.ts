import type { ContextItem } from "../../../contract/context.ts";
import type { Attributes, Escalation } from "../../../contract/decision.ts";
import { type Message, textMessage } from "../../../contract/message.ts";
import type { EngineRequest } from "../../../engine/request.ts";
import { estimateTokens } from "../../../models/tokens.ts";
import { fenced, labelled, pathsOf } from "../../context.ts";
import type { CheckFeedback } from "../check/checkFeedback.ts";
import { lineContent, splitLines } from "../lines.ts";
import type { SearchReplace } from "./answerReader.ts";
import type { EditRange, UnplacedBlock } from "./applyAnswer.ts";

/** What is to be done with code. */
export type EditTask = {
  /** What routes match on: `modify`, `fix`. */
  readonly command: string;
  /** What the command asks for, in English. */
  readonly instructions: string;
  /** The user's own words; may be empty. */
  readonly words: string;
  /** What is sent, beside the code that is edited. */
  readonly context?: readonly ContextItem[] | undefined;
};

/** The code that is edited. */
export type EditTarget = {
  /** As a model may know it. */
  readonly path: string;
  /** VS Code's language id. */
  readonly language: string;
  readonly text: string;
  readonly range: EditRange;
  readonly isPrivate: boolean;
  /** The problems that the edit is for. */
  readonly problems?: ContextItem | undefined;
  /** What is not to leave this machine: the model reads and writes the placeholders. */
  readonly masks?: readonly Mask[] | undefined;
};

/** A key or password in the code, and what stands for it in the request and in the answer. */
export type Mask = { readonly value: string; readonly placeholder: string };

/** Returns the text that a request for an edit sends. */
export function textToSend({ messages }: EngineRequest): string {
  const parts = messages.flatMap((message) => message.parts);
  return parts.flatMap((part) => (part.type === "text" ? [part.text] : [])).join("\n\n");
}

/** Returns a text as a model may read it. */
function masked(text: string, masks: readonly Mask[] = []): string {
  return masks.reduce((result, { value, placeholder }) => result.replaceAll(value, () => placeholder), text);
}

/** Returns the line of an answer with what its placeholders stand for. */
export function unmasked(line: string, masks: readonly Mask[] = []): string {
  return masks.reduce((result, { value, placeholder }) => result.replaceAll(placeholder, () => value), line);
}

/** A complete edit that failed its check. */
export type FailedEdit = {
  /** What its model wrote. */
  readonly answer: string;
  /** What the check found, in English. */
  readonly feedback: CheckFeedback;
};

/** What a request for an edit can have besides its task and target. */
export type EditRequestOptions = {
  readonly budgetChoice?: Attributes["budgetChoice"];
  /** The edit failed its check, and a stronger model tries next. */
  readonly failedEdit?: FailedEdit | undefined;
  readonly escalation?: Escalation | undefined;
  /** Asks for the blocks that had no place once more. */
  readonly failedTry?: FailedTry | undefined;
};

/** An answer to an edit whose blocks have no place, and the blocks that have none. */
export type FailedTry = { readonly answer: string; readonly unplaced: readonly UnplacedBlock[] };

/** A selection of up to this many lines is answered as a whole: a model needs about as many tokens to search for it. */
const MAX_WHOLE_LINES = 40;
/** How many lines before and after the selection are sent, and how many of the beginning of the file. */
const NEAR_LINES = 60;
const FIRST_LINES = 30;

const ROLE = "You edit code in Visual Studio Code. Your answer is put into the file by a program.";

const WHOLE =
  `${ROLE} Answer with exactly one fenced code block: the new text of the selected code, complete, with its ` +
  "indentation, and without the code around it. Write nothing outside of the block. If nothing is to be changed, or " +
  "you cannot do it, say so in one sentence without a code block.";

/** The first words are how the simulator knows a request for blocks. */
const BLOCKS = `${ROLE} Answer with search/replace blocks, and nothing else:

<<<<<<< SEARCH
lines of the code, copied exactly
=======
the lines that replace them
>>>>>>> REPLACE

Search for whole lines, as many as are needed to occur once. Use one block for each place that changes, and keep each short. If nothing is to be changed, or you cannot do it, say so in one sentence without a block.`;

const REST_OPEN =
  " Change the selected code, and other lines of the file only where the change needs it, such as an import.";

/** Builds the engine's request for an edit. The target is always the code as it is without any edit. */
export function editRequest(
  task: EditTask,
  target: EditTarget,
  { budgetChoice, failedEdit, escalation, failedTry }: EditRequestOptions = {},
): EngineRequest {
  const { range, problems, path, language, isPrivate } = target;
  const attached = [...(task.context ?? []), ...(problems === undefined ? [] : [problems])];
  const { start, end } = range.lines;
  const lines = splitLines(target.text).map(lineContent);
  const selected = lines.slice(start, end).join("\n");
  const ownWords = masked(
    [task.instructions, task.words].filter((part) => part !== "").join("\n\n"),
    target.masks,
  );
  const item: ContextItem = {
    kind: "selection",
    path,
    language,
    startLine: start + 1,
    endLine: Math.max(end, start + 1),
    text: selected,
    tokens: estimateTokens(selected),
    isPrivate,
  };
  const parts = [
    ...codeAround(lines, start, end, language),
    ...attached.map(labelled),
    labelled(item),
    ownWords,
  ];
  const prompt = masked(parts.join("\n\n"), target.masks);
  const answersWhole = !range.isRestOpen && end - start <= MAX_WHOLE_LINES;
  const system = answersWhole ? WHOLE : `${BLOCKS}${range.isRestOpen ? REST_OPEN : ""}`;
  const answered = (answer: string, reply: string) => [
    textMessage("assistant", masked(answer, target.masks)),
    textMessage("user", masked(reply, target.masks)),
  ];
  const messages: readonly Message[] = [
    textMessage("system", system),
    textMessage("user", prompt),
    ...(failedEdit === undefined ? [] : answered(failedEdit.answer, askForAnother(failedEdit.feedback))),
    ...(failedTry === undefined ? [] : answered(failedTry.answer, askAgain(failedTry.unplaced))),
  ];
  return {
    messages,
    ownWords,
    characters: prompt.length,
    canRetract: true,
    isPrivate:
      isPrivate || attached.some((each) => each.isPrivate) || failedEdit?.feedback.isPrivate === true,
    paths: [...new Set([path, ...attached.flatMap(pathsOf), ...(failedEdit?.feedback.paths ?? [])])],
    attachedNew: true,
    isEdit: true,
    command: task.command,
    language: language === "" ? undefined : language,
    budgetChoice,
    escalation,
  };
}

/** The code around the selection, which is not to be edited but understood. */
function codeAround(lines: readonly string[], start: number, end: number, language: string): string[] {
  const from = Math.max(0, start - NEAR_LINES);
  const part = (label: string, first: number, last: number) => {
    const text = lines.slice(first, last).join("\n");
    return text.trim() === "" ? [] : [`${label}:\n${fenced(text, language)}`];
  };
  return [
    ...part("The beginning of the file", 0, Math.min(FIRST_LINES, from)),
    ...part("The code before the selected code", from, start),
    ...part("The code after the selected code", end, end + NEAR_LINES),
  ];
}

function askForAnother({ text }: CheckFeedback): string {
  return [
    "This edit was made, and it failed its check.",
    text,
    "It was reverted: the code is again as it was sent at first. Edit that code, so that none of this happens. Answer in " +
      "the form that was asked for, and nothing else.",
  ].join("\n\n");
}

function askAgain(unplaced: readonly UnplacedBlock[]): string {
  if (unplaced.length === 0)
    return "This answer has no edit that a program can read. Answer again in the form that was asked for, and nothing else.";
  const named = unplaced.map(({ block, reason }) => `${REASONS[reason]}\n${fenced(textOf(block), "")}`);
  return [
    "These blocks could not be put into the file; all others were.",
    ...named,
    "Answer again with blocks for these alone. Copy the lines to search for exactly from the code.",
  ].join("\n\n");
}

const REASONS: Readonly<Record<UnplacedBlock["reason"], string>> = {
  "no-match": "These lines do not occur in the code:",
  ambiguous: "These lines occur more than once; add lines around them:",
};

function textOf({ search }: SearchReplace): string {
  return search.join("\n");
}
