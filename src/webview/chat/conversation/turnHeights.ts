/**
 * How high turns are about that were never laid out, in pixels at a width of 400. Without it, ten turns seem as high as four:
 * all of them are laid out when their group comes near the visible part, and a frame of scrolling takes three times as long
 * (`npm run bench conversations`).
 */
import type { TurnView } from "../../../contract/view/conversationMessages.ts";

const LINE_CHARACTERS = 55;
const LINE_PX = 20;
/** Between blocks. */
const GAP_PX = 8;
/** The quiet line, the buttons and the distance to the next turn. */
const FOOTER_PX = 72;
const BUBBLE_PX = 40;
/** A longer prompt is collapsed. */
const MAX_PROMPT_PX = 234;
const CHIP_PX = 28;

/** @param text Markdown */
export function answerHeightPx(text: string): number {
  return FOOTER_PX + linesHeightPx(text);
}

export function promptHeightPx({ text, context }: TurnView["prompt"]): number {
  return BUBBLE_PX + Math.min(MAX_PROMPT_PX, linesHeightPx(text)) + context.length * CHIP_PX;
}

function linesHeightPx(text: string): number {
  let height = 0;
  for (let start = 0; start <= text.length; ) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    height += end === start ? GAP_PX : Math.ceil((end - start) / LINE_CHARACTERS) * LINE_PX;
    start = end + 1;
  }
  return height;
}
