/**
 * One line of a CSV file (RFC 4180), with its end. A text that a spreadsheet would take for a formula is kept from being one by an
 * apostrophe (https://owasp.org/www-community/attacks/CSV_Injection): names come from whoever filled in a form.
 */
export function csvLine(cells: readonly (string | number | null)[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

function cell(value: string | number | null): string {
  if (value === null) return "";
  const text = typeof value === "string" && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
