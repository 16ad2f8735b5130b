/** A text with the words that were searched for marked. */
export function Marked({ text, query }: { readonly text: string; readonly query: string }) {
  const words = query.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0) return <>{text}</>;
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[^\w\s]/gu, "\\$&")).join("|")})`, "gi");
  // Splitting by a group puts what matched at the odd places.
  return (
    <>
      {text
        .split(pattern)
        .map((part, index) => (index % 2 === 1 ? <mark key={`${index}`}>{part}</mark> : part))}
    </>
  );
}
