/** A button that reads as part of a sentence. */
export function LinkButton({
  onClick,
  children,
}: {
  readonly onClick: () => void;
  readonly children: string;
}) {
  return (
    <button type="button" class="sy-link-button" onClick={onClick}>
      {children}
    </button>
  );
}
