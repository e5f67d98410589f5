/** What a spreadsheet would run as a formula; names and replies in the audit come from outside. */
const FORMULA = /^[=+\-@\t\r]/;

/** One line of CSV (RFC 4180) without its end; null is an empty field. */
export const csvLine = (fields: readonly (string | null)[]): string => fields.map(field).join(',');

function field(value: string | null): string {
  if (value === null) return '';
  const text = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
