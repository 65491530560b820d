/** Two texts side by side, line by line (longest common subsequence: profiles are short). */
export type DiffRow = { kind: 'same' | 'changed' | 'added' | 'removed'; left: Line | null; right: Line | null }
export type Line = { number: number; text: string }

export function diffLines(before: string, after: string): DiffRow[] {
  const [a, b] = [before.split('\n'), after.split('\n')]
  const rows: DiffRow[] = []
  const gone: Line[] = []
  const come: Line[] = []
  // What was taken away and what came in its place stand on one row.
  const flush = () => {
    for (let n = 0; n < Math.max(gone.length, come.length); n++) {
      const [left, right] = [gone[n] ?? null, come[n] ?? null]
      rows.push({ kind: left && right ? 'changed' : left ? 'removed' : 'added', left, right })
    }
    gone.length = 0
    come.length = 0
  }
  let [x, y] = [0, 0]
  for (const [i, j] of [...commonLines(a, b), [a.length, b.length] as const]) {
    while (x < i) gone.push({ number: x + 1, text: a[x++]! })
    while (y < j) come.push({ number: y + 1, text: b[y++]! })
    flush()
    if (i < a.length && j < b.length)
      rows.push({ kind: 'same', left: { number: ++x, text: a[i]! }, right: { number: ++y, text: b[j]! } })
  }
  return rows
}

/** The longest common run of lines, as pairs of indexes. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] {
  let start = 0
  while (start < a.length && start < b.length && a[start] === b[start]) start++
  let [endA, endB] = [a.length, b.length]
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) {
    endA--
    endB--
  }
  const [rows, columns] = [endA - start, endB - start]
  const best = Array.from({ length: rows + 1 }, () => new Uint16Array(columns + 1))
  for (let i = rows - 1; i >= 0; i--)
    for (let j = columns - 1; j >= 0; j--)
      best[i]![j] = a[start + i] === b[start + j] ? best[i + 1]![j + 1]! + 1 : Math.max(best[i + 1]![j]!, best[i]![j + 1]!)
  const pairs: [number, number][] = Array.from({ length: start }, (_, n) => [n, n])
  for (let [i, j] = [0, 0]; i < rows && j < columns; ) {
    if (a[start + i] === b[start + j]) pairs.push([start + i++, start + j++])
    else if (best[i + 1]![j]! >= best[i]![j + 1]!) i++
    else j++
  }
  for (let n = 0; endA + n < a.length; n++) pairs.push([endA + n, endB + n])
  return pairs
}

/** Only the rows near a change; a number stands for as many equal rows left out. */
export function foldRows(rows: readonly DiffRow[], around = 3): (DiffRow | number)[] {
  const near = rows.map((_, n) => rows.slice(Math.max(0, n - around), n + around + 1).some(({ kind }) => kind !== 'same'))
  const folded: (DiffRow | number)[] = []
  for (const [n, row] of rows.entries()) {
    const last = folded.at(-1)
    if (near[n]) folded.push(row)
    else if (typeof last === 'number') folded[folded.length - 1] = last + 1
    else folded.push(1)
  }
  return folded
}
