/** A way out of a notice. */
export type Action = { readonly name: string; readonly run: () => void };

/** Ways out, the main one first. */
export function Actions({ actions }: { readonly actions: readonly Action[] }) {
  if (actions.length === 0) return null;
  return (
    <div class="sy-buttons">
      {actions.map(({ name, run }, index) => (
        <button
          key={name}
          type="button"
          class={index === 0 ? "sy-button" : "sy-button sy-button--second"}
          onClick={run}
        >
          {name}
        </button>
      ))}
    </div>
  );
}
