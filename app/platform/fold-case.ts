/** What two texts have in common that differ only in case; written beside the original wherever case does not count. */
export function foldCase(text: string): string {
  // Up and then down: "ß" meets "SS", and a final sigma the others.
  return text.toUpperCase().toLowerCase();
}
