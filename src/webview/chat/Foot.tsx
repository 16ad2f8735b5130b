import { type ReadonlySignal, useSignal } from "@preact/signals";
import { t } from "@vscode/l10n";
import { useId, useLayoutEffect, useRef } from "preact/hooks";
import type { TurnView } from "../../contract/view/protocol.ts";
import type { Thumb } from "../../contract/view/shown.ts";
import { BusyLine, QuietLine, TornLine } from "./QuietLine.tsx";
import { openedEvent, reveal } from "./reveal.ts";
import { useStore } from "./services.ts";
import { Tool } from "./Tool.tsx";
import { Toolbar } from "./Toolbar.tsx";
import { Why } from "./why/Why.tsx";

type FootProps = {
  readonly turn: TurnView;
  readonly text: ReadonlySignal<string>;
  readonly isBusy: boolean;
  readonly isLast: boolean;
};

/** Under an answer: the quiet line, what it opens, and what can be done with the answer. */
export function Foot({ turn, text, isBusy, isLast }: FootProps) {
  const isOpen = useSignal(false);
  const id = useId();
  const foot = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const line = foot.current?.querySelector<HTMLElement>(".sy-quiet");
    const panel = foot.current?.querySelector<HTMLElement>(".sy-why");
    if (line && panel) reveal(line, panel);
  }, [isOpen.value]);
  const toggle = () => {
    foot.current?.dispatchEvent(new CustomEvent(openedEvent, { bubbles: true }));
    isOpen.value = !isOpen.value;
  };
  const { summary, decision } = turn.answer;
  if (isBusy || summary === undefined) {
    return (
      <div class="sy-foot">
        {isBusy ? <BusyLine turn={turn} /> : <TornLine turn={turn} />}
        {!isBusy && text.value !== "" && <AnswerTools turn={turn} text={text} />}
      </div>
    );
  }
  return (
    <div class="sy-foot" ref={foot}>
      <QuietLine turn={turn} isOpen={isOpen.value} controls={id} onToggle={toggle} />
      {isOpen.value && decision && (
        <Why
          id={id}
          turnId={turn.id}
          answer={turn.answer}
          decision={decision}
          summary={summary}
          isLast={isLast}
        />
      )}
      {text.value !== "" && <AnswerTools turn={turn} text={text} />}
    </div>
  );
}

function AnswerTools({ turn, text }: Pick<FootProps, "turn" | "text">) {
  const store = useStore();
  const given = turn.answer.thumb;
  const give = (thumb: Thumb) =>
    store.post({ type: "thumb", turnId: turn.id, thumb: given === thumb ? null : thumb });
  const copy = () => {
    store.post({ type: "copy", text: text.value });
    store.live.value = t("Copied");
  };
  return (
    <Toolbar name={t("Answer")}>
      <Tool icon="copy" name={t("Copy answer")} onClick={copy} />
      <Tool
        icon={given === "up" ? "thumbsup-filled" : "thumbsup"}
        name={t("Good answer")}
        pressed={given === "up"}
        onClick={() => give("up")}
      />
      <Tool
        icon={given === "down" ? "thumbsdown-filled" : "thumbsdown"}
        name={t("Bad answer")}
        pressed={given === "down"}
        onClick={() => give("down")}
      />
    </Toolbar>
  );
}
