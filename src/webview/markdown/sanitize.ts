import DOMPurify, { type Config } from "dompurify";
import { FOOTNOTE_ID } from "./parsing/footnotes.ts";

/** Where a link may lead: the web and mail. Other schemes could act inside the editor. */
export const allowedHref: RegExp = /^(?:https?|mailto):/i;

/** Links within an answer lead to its footnotes. The parser makes them; Markdown's own links never lead there. */
const anyHref = new RegExp(`${allowedHref.source}|^#${FOOTNOTE_ID}`, "i");

/** All tags that Markdown can produce. None of them fetches, runs, posts or styles anything. */
const tags = [
  ..."p br hr em strong s code pre blockquote ul ol li a span div".split(" "),
  ..."h2 h3 h4 table thead tbody tr th td figure figcaption".split(" "),
  ..."kbd sub sup details summary section".split(" "),
  // The element that DOMPurify itself puts the HTML into. It copies all of the HTML to remove one that is not allowed.
  "body",
];

/** One object: DOMPurify reads its options again only when it gets others. */
const options = {
  ALLOWED_TAGS: tags,
  ALLOWED_ATTR: ["href", "title", "class", "start", "open", "id"],
  ALLOWED_URI_REGEXP: anyHref,
  // Otherwise the pattern of addresses applies to it too.
  ADD_URI_SAFE_ATTR: ["start"],
  ALLOW_ARIA_ATTR: false,
  ALLOW_DATA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
} satisfies Config & { readonly RETURN_DOM_FRAGMENT: true };

/** Turns HTML into nodes that are safe to show. The parser already rejects other HTML; this is the second defence. */
export function sanitize(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, options);
}
