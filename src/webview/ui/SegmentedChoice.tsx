import { useId } from "preact/hooks";

type SegmentedChoiceProps<T> = {
  /** In front of the values. */
  readonly name: string;
  /** What is chosen here: the accessible name, and the tooltip. */
  readonly title: string;
  readonly values: readonly T[];
  readonly chosen: T;
  readonly labelOf: (value: T) => string;
  readonly onChoose: (value: T) => void;
};

/** One of a few values: radio buttons side by side. They are one tab stop, and the arrow keys move between them. */
export function SegmentedChoice<T extends string | null>(props: SegmentedChoiceProps<T>) {
  const { name, title, values, chosen, labelOf, onChoose } = props;
  const group = useId();
  return (
    <fieldset class="sy-segmented" aria-label={title} title={title}>
      <span aria-hidden="true">{name}</span>
      <span class="sy-segmented-values">
        {values.map((value) => (
          <label key={value}>
            <input
              type="radio"
              class="sy-hidden-text"
              name={group}
              checked={value === chosen}
              onChange={() => onChoose(value)}
            />
            {labelOf(value)}
          </label>
        ))}
      </span>
    </fieldset>
  );
}
