/** CSV read piece by piece, as files arrive: RFC 4180, with comma, semicolon or tab, whichever the first line uses. */
export class CsvStream {
  private delimiter: string | null = null
  private held = ''
  private cell = ''
  private row: string[] = []
  private isQuoted = false
  private wasQuoted = false

  /** The rows that are whole with this piece. */
  feed(piece: string): string[][] {
    const text = this.held + piece
    this.held = ''
    if (this.delimiter === null) {
      const line = /^[^\r\n]*[\r\n]/.exec(text)
      if (!line) {
        this.held = text
        return []
      }
      this.delimiter = delimiterOf(line[0])
    }
    return this.read(text.startsWith('\uFEFF') ? text.slice(1) : text)
  }

  /** What is left when the file ends without a line break. */
  end(): string[][] {
    this.delimiter ??= delimiterOf(this.held)
    const rows = this.read(this.held, true)
    if (this.cell !== '' || this.row.length > 0 || this.wasQuoted) rows.push(this.finishRow())
    return rows
  }

  private read(text: string, isLast = false): string[][] {
    const rows: string[][] = []
    for (let at = 0; at < text.length; at++) {
      const mark = text[at]!
      if (this.isQuoted) {
        if (mark !== '"') {
          this.cell += mark
          continue
        }
        // Whether a quote ends the text or is one, only the next letter tells.
        if (at + 1 === text.length && !isLast) {
          this.held = mark
          return rows
        }
        if (text[at + 1] === '"') {
          this.cell += mark
          at++
        } else this.isQuoted = false
      } else if (mark === '"' && this.cell === '' && !this.wasQuoted) {
        this.isQuoted = true
        this.wasQuoted = true
      } else if (mark === this.delimiter) this.finishCell()
      else if (mark === '\n') rows.push(this.finishRow())
      else if (mark !== '\r') this.cell += mark
    }
    return rows.filter((row) => row.length > 1 || row[0] !== '')
  }

  private finishCell(): void {
    this.row.push(this.cell)
    this.cell = ''
    this.wasQuoted = false
  }

  private finishRow(): string[] {
    this.finishCell()
    const row = this.row
    this.row = []
    return row
  }
}

function delimiterOf(line: string): string {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '')
  const count = (mark: string) => bare.split(mark).length
  return [';', '\t'].reduce((best, mark) => (count(mark) > count(best) ? mark : best), ',')
}
