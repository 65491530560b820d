/** CSV as RFC 4180 has it, and as spreadsheets are safe with it. */

/** One line of values; lists are joined by `; `, objects written as JSON. */
export const csvLine = (values: readonly unknown[]): string => `${values.map((value) => csvField(textOf(value))).join(',')}\r\n`

function textOf(value: unknown): string {
  if (value === null || value === undefined) return ''
  if (Array.isArray(value) && value.every((item) => typeof item !== 'object')) return value.join('; ')
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/**
 * A text that a spreadsheet would take for a formula gets a quote in front (OWASP, CSV injection), and so does one that
 * looks as if it had got one, so that reading can take exactly that quote off again (`unguarded`). Numbers stay numbers.
 */
function csvField(text: string): string {
  const safe = formula.test(text) && !number.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

const formula = /^'*[=+\-@\t\r]/
const number = /^-?\d+([.,]\d+)?$/

/** A cell of such a file as it was before it was guarded. */
export const unguarded = (cell: string): string => (cell.startsWith("'") && formula.test(cell) ? cell.slice(1) : cell)
