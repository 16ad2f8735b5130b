import DOMPurify from "dompurify";
import { allowedHref } from "./links.ts";

/** What Markdown can become. All that fetches, runs, posts or styles is missing. */
const tags = [
  ..."p br hr em strong s code pre blockquote ul ol li a span div".split(" "),
  ..."h2 h3 h4 table thead tbody tr th td figure figcaption".split(" "),
];

/** HTML as nodes that can do nothing but be read. The parser allows no HTML; this is the second lock on the door. */
export function sanitize(html: string): DocumentFragment {
  return DOMPurify.sanitize(html, {
    ALLOWED_TAGS: tags,
    ALLOWED_ATTR: ["href", "title", "class", "start"],
    ALLOWED_URI_REGEXP: allowedHref,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
}
