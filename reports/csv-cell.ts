/**
 * A text as a cell of a CSV file: quoted where it must be, and never a formula. Spreadsheets run what begins with =, +, −
 * or @; an apostrophe before it makes it text (OWASP, CSV injection).
 */
export function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
