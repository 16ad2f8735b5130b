/** One of VS Code's own icons; the words beside it, or its button's name, say what it means. */
export function Icon({ name, state = "" }: { readonly name: string; readonly state?: string }) {
  return <span class={`codicon codicon-${name} ${state}`.trimEnd()} aria-hidden="true" />;
}
