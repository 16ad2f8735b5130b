import DOMPurify from "dompurify";

/** The MathML that KaTeX makes, without links, images and actions. */
const tags = [
  ..."math semantics mrow mi mn mo ms mtext mspace mstyle mpadded mphantom menclose".split(" "),
  ..."mfrac msqrt mroot msub msup msubsup munder mover munderover mtable mtr mtd".split(" "),
];
const attributes = [
  ..."display displaystyle scriptlevel mathvariant mathcolor mathbackground notation".split(" "),
  ..."stretchy fence separator form largeop movablelimits symmetric lspace rspace minsize maxsize".split(" "),
  ..."accent accentunder linethickness width height depth voffset".split(" "),
  ..."columnalign columnspacing columnlines rowspacing rowlines".split(" "),
];

/** The `math` element of KaTeX's output, without the source that it repeats; undefined if there is none. */
export function sanitizeMath(html: string): Element | undefined {
  const safe = DOMPurify.sanitize(html.replace(/<annotation[\s\S]*<\/annotation>/, ""), {
    ALLOWED_TAGS: [...tags, "span"],
    ALLOWED_ATTR: attributes,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  });
  return safe.querySelector("math") ?? undefined;
}
