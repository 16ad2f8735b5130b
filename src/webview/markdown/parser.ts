import MarkdownIt, { type Token } from "markdown-it";
import { codeBlock } from "./codeBlock.ts";
import { closeHeading, openHeading } from "./headings.ts";
import { closeLink, image, openLink } from "./links.ts";
import { seams } from "./seams.ts";

/** Markdown as answers are written in: no HTML, no pictures, links to the web and to mail alone. */
export const parser = makeParser();

function makeParser() {
  const markdown = new MarkdownIt({ html: false, linkify: true });
  // Every link is parsed, so that one that leads nowhere shows its words; the renderer decides which become links.
  markdown.validateLink = () => true;
  // Names of files end like domains (`main.rs`, `setup.py`): only what has a scheme is an address.
  markdown.linkify.set({ fuzzyLink: false, fuzzyEmail: false }).add("ftp:", null).add("//", null);

  markdown.use(seams);

  const { rules } = markdown.renderer;
  rules["link_open"] = openLink;
  rules["link_close"] = closeLink;
  rules["image"] = image;
  rules["fence"] = codeBlock;
  rules["code_block"] = codeBlock;
  rules["heading_open"] = openHeading;
  rules["heading_close"] = closeHeading;
  rules["table_open"] = () => '<div class="sy-scroll"><table>';
  rules["table_close"] = () => "</table></div>";
  rules["th_open"] = (tokens, index) => `<th${alignment(tokens[index])}>`;
  rules["td_open"] = (tokens, index) => `<td${alignment(tokens[index])}>`;
  return markdown;
}

/** markdown-it aligns by a style attribute, which the page's policy forbids. */
function alignment(cell: Token | undefined): string {
  const side = /right|center/.exec(String(cell?.attrGet("style") ?? ""))?.[0];
  return side === undefined ? "" : ` class="sy-align-${side}"`;
}
