/** A text with more words is a prompt by itself, unless it agrees and names steps of what was proposed. */
const MAX_WORDS = 4;

/** The words of a follow-up are never longer. Bounds the work on long texts. */
const MAX_CHARACTERS = 60;

/** A reference to what came before is near the beginning. */
const MAX_REFERRING_CHARACTERS = 500;

/**
 * Whether a text contains nothing to route by, so that it inherits the route of the prompt before it. It has at most four
 * words, in any case and with any punctuation, and
 * - each word is a number, or agrees, continues, chooses or thanks ("yes please", "mach weiter", "option 2"), or
 * - one word refers to what came before and none asks a question: "commit it", "mach das kürzer", but not "what is it" or
 *   "is it thread-safe?";
 * or it agrees and then names steps of what was proposed: "looks good, implement step 1 and 2";
 * or it is such a phrase in a language without spaces ("继续"), or has no words at all ("👍", "?").
 */
export function isFollowUp(text: string): boolean {
  const trimmed = text.trim();
  if (trimmed === "" || trimmed.length > MAX_CHARACTERS) return false;
  const words = trimmed
    .normalize("NFC")
    .toLowerCase()
    .replaceAll(/(?<=\p{L})['’](?=(?:s|re|t)(?!\p{L}))/gu, "")
    .match(/[\p{L}\p{M}\p{N}]+/gu);
  if (words === null) return true;
  if (agreesToSteps(trimmed)) return true;
  if (words.length > MAX_WORDS) return false;
  if (words.every(isFollowUpWord)) return true;
  const asks = /[?？؟]/.test(trimmed) || words.some((word) => QUESTION_WORDS.has(word));
  return !asks && words.some((word) => POINTING_WORDS.has(word));
}

/** "ok, start with part 2": first words that agree, then a step with its number. */
function agreesToSteps(text: string): boolean {
  const [, agreement = "", rest = ""] = /^([^,.;:!–—-]+)[,.;:!–—-]\s*(.+)$/u.exec(text) ?? [];
  const words = agreement.toLowerCase().match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  return words.length > 0 && words.every(isFollowUpWord) && STEP.test(rest) && !/[?？؟]/.test(rest);
}

/** Whether a prompt contains a word that depends on what came before, such as "it", "again" or "the" at its beginning. */
export function refersBack(text: string): boolean {
  const words =
    text
      .slice(0, MAX_REFERRING_CHARACTERS)
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const [first = "", second = ""] = words;
  return (
    REFERRING_FIRST_WORDS.has(first) ||
    REFERRING_BEGINNINGS.has(`${first} ${second}`) ||
    words.slice(0, 3).some((word) => DEFINITE_WORDS.has(word)) ||
    words.some((word) => POINTING_WORDS.has(word) || REFERRING_WORDS.has(word))
  );
}

function isFollowUpWord(word: string): boolean {
  return (
    FOLLOW_UP_WORDS.has(word) || POINTING_WORDS.has(word) || FOLLOW_UP_PHRASES.has(word) || isChoice(word)
  );
}

/** The number of an option that was offered. A longer number could be anything. */
function isChoice(word: string): boolean {
  return /^\p{Nd}{1,2}$/u.test(word);
}

/** A part of a proposal by its number, in the languages below. */
const STEP =
  /(?<!\p{L})(?:steps?|parts?|points?|phases?|items?|options?|schritte?n?|teile?|punkte?|étapes?|parties?|pasos?|partes?|puntos?|passos?|stap(?:pen)?|krok(?:i|u)?|шаги?)\s*#?\p{Nd}{1,2}(?!\p{L})|(?:第|步骤|步驟|ステップ)\s*[\p{Nd}一二三四五六七八九十]/iu;

/**
 * Words that agree, continue, choose, thank, or ask the assistant to do what it proposed. One line for each language:
 * English, German, French, Spanish, Italian, Portuguese, Dutch, Polish, Turkish, Russian.
 */
const FOLLOW_UP_WORDS: ReadonlySet<string> = wordsOf(`
  yes y yeah yep yup no n nope nah ok okay k kk sure fine good great perfect nice cool right correct exactly agreed thanks thank thx you please pls plz go on ahead continue proceed resume carry keep going next more again retry try do run commit push merge apply accept save undo revert revise redo repeat stop wait done ready and then so but also well now just the a an one ones first second third last both all none either option why really lgtm looks sounds to me
  ja jo jep nein ne nee doch gut super prima genau richtig passt klar gerne danke bitte los weiter mach mache machen machs tu leg zeig nochmal noch einmal wieder fertig stopp halt und dann also aber mal jetzt nun so auch der die das erste zweite dritte letzte beide beides alle alles keins variante weiterhin warum wieso wirklich einverstanden hau rein ran
  oui ouais non d accord bien parfait super merci vas y continue continuez poursuis encore fais faites applique valide annule et puis alors aussi le la les premier première deuxième dernier pourquoi vraiment stp svp plaît te vous s il
  sí si no vale bien bueno perfecto gracias por favor sigue continúa continua adelante dale otra vez más hazlo hazla aplica y luego entonces también el la los primero primera segundo segunda último porque qué
  sì va bene perfetto grazie prego avanti ancora continua procedi fallo falla applica e poi allora anche il lo primo prima secondo seconda ultimo perché
  sim não tá bom certo perfeito obrigado obrigada continue prossiga siga mais faça faz aplica e depois então também o primeiro primeira segundo segunda
  nee goed prima dank je bedankt graag ga door verder doe maar nog een keer en dan ook eerste tweede laatste waarom
  tak nie dobrze dzięki proszę dalej kontynuuj zrób jeszcze raz pierwszy drugi
  evet hayır tamam olur teşekkürler lütfen devam et yap tekrar birinci ikinci
  да нет ага ладно хорошо отлично спасибо пожалуйста давай дальше продолжай продолжи сделай ещё еще раз первый второй почему
`);

/** Words that refer to what came before, except common words of another listed language, such as Polish "to". */
const POINTING_WORDS: ReadonlySet<string> = wordsOf(`
  it its that thats this these those them same above
  es das dies diese dieses den sie ihn ihm davon damit dasselbe
  ça cela ceci celui celle
  esto eso esta esa lo ello
  questo quello questa quella
  isso isto esse essa
  het dit dat deze
  bunu onu şunu
  это его её их
`);

/** English words that refer to what came before, wherever they are. */
const REFERRING_WORDS: ReadonlySet<string> = wordsOf(
  "they them there then here instead again still too also previous other both one ones after before",
);

/** English words that continue, or ask about what is known, as the first word of a prompt. */
const REFERRING_FIRST_WORDS: ReadonlySet<string> = wordsOf(
  "and but now or so does did is are would which i we",
);

const REFERRING_BEGINNINGS: ReadonlySet<string> = new Set(["what if", "what about", "how about", "why not"]);

/** English words that name something known, near the beginning of a prompt. */
const DEFINITE_WORDS: ReadonlySet<string> = wordsOf("the our my");

/** Words that begin a question. A question is a prompt by itself, which routes can match. */
const QUESTION_WORDS: ReadonlySet<string> = wordsOf(`
  what whats which who whose where when how
  was welche welcher welches wer wo wann wie
  que quoi quel quelle qui où quand comment combien
  cuál quién dónde cuándo cómo cuánto
  cosa quale chi dove quando come quanto
  qual quem onde como
  wat welk welke wie waar wanneer hoe
  co jak gdzie kiedy kto
  nasıl nerede kim
  что как где когда кто какой
`);

/** Follow-ups in languages without spaces, each between two punctuation marks. */
const FOLLOW_UP_PHRASES: ReadonlySet<string> = wordsOf(`
  好 好的 好吧 好啊 可以 行 是 是的 对 对的 不 不是 不要 继续 接着 接着说 下一步 下一个 再来 再试一次 重试 开始 开始吧 提交 提交吧 执行 运行 就这样 没问题 谢谢 为什么
  繼續 對 開始 執行 沒問題 謝謝 為什麼 提交它
  はい うん いいえ いや 続けて 続き 続きを 次 次へ お願い お願いします やって やってください もう一度 了解 ありがとう いいよ なぜ どうして
  네 예 응 아니요 아니 좋아 좋아요 계속 계속해 계속해줘 다음 다시 해줘 그래 고마워 왜
  ใช่ ไม่ ตกลง ต่อ ต่อไป ได้ ทำต่อ ขอบคุณ
`);

function wordsOf(lines: string): ReadonlySet<string> {
  return new Set(lines.split(/\s+/).filter((word) => word !== ""));
}
