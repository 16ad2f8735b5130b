/**
 * Whether a prompt is in another language than English. The default keywords are English, so their absence
 * from such a prompt does not show that it is easy.
 */
import { isAscii } from "./tokens.ts";

/** The beginning of a text suffices. */
const MAX_WORDS = 60;
const MAX_CHARACTERS = 1000;

/** Fewer could be names or quotations in an English sentence. */
const MIN_FOREIGN_WORDS = 2;

/**
 * How many Latin characters one character of these scripts stands for. Article 1 of the Universal Declaration of Human
 * Rights has 170 characters in English, and 39 in Chinese, 78 in Japanese and 66 in Korean, without punctuation and spaces.
 */
const LATIN_CHARACTERS_PER_DENSE = 3;

const DENSE = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}]/gu;

/** True if most letters are not Latin, or most of its function words are of another language than English. */
export function isInOtherLanguage(text: string): boolean {
  const beginning = text.slice(0, MAX_CHARACTERS);
  if (!isAscii(beginning) && isMostlyInOtherScript(beginning)) return true;
  let foreign = 0;
  let english = 0;
  for (const [at, word] of (beginning.toLowerCase().match(/\p{L}+/gu) ?? []).entries()) {
    if (at === MAX_WORDS) break;
    if (OTHER_WORDS.has(word)) foreign += 1;
    else if (ENGLISH_WORDS.has(word)) english += 1;
  }
  return foreign >= MIN_FOREIGN_WORDS && foreign > english;
}

function isMostlyInOtherScript(text: string): boolean {
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const latin = text.match(/\p{Script=Latin}/gu)?.length ?? 0;
  return latin * 2 < letters;
}

/** The length of a text in characters of a Latin script with about the same content. */
export function lengthInLatin(text: string, characters: number): number {
  if (isAscii(text)) return characters;
  return characters + (LATIN_CHARACTERS_PER_DENSE - 1) * (text.match(DENSE)?.length ?? 0);
}

/** Frequent words without a meaning of their own that no other language in `OTHER_WORDS` has. */
const ENGLISH_WORDS = wordsOf(`
  the and of to that it for with this from have has are be by not or but what which how why when can should would my our
  your we you i is there their they then than into please does did was were
`);

/**
 * The same for German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish and Swedish; without words that are
 * English as well, or frequent in code.
 */
const OTHER_WORDS = wordsOf(
  `
  der das und ist nicht ein eine einen einem einer für mit von zu zur zum auf auch wie wir ich sind wird werden kann bitte
  zwei den dem des im bei nach über warum welche dieser dieses diese
  le les un une des du et est pas pour avec dans sur que qui ce cette ces je nous vous il elle sont peut deux plus par
  el los las una del y es para con por como qué cómo este esta estos mi nuestro dos más sin hay puede
  il lo gli di che è non per una sono questo questa come perché due più nel della alla può
  o os um uma do da dos das em não com são isto esta nossa dois mais pode
  het een van is niet voor met op dat wij kan twee deze hoe
  i w na z się nie jest że dla jak ten ta czy dwa przez
  ve bir bu için ile ne nasıl mi olarak iki bana
  och att det som på är inte ett av jag vi kan två hur
`,
  ENGLISH_WORDS,
);

function wordsOf(lines: string, except: ReadonlySet<string> = new Set()): ReadonlySet<string> {
  return new Set(lines.split(/\s+/).filter((word) => word !== "" && !except.has(word)));
}
