/**
 * Changes JSON text at one place. Everything else stays as its author wrote it: order of keys, spacing, spelling of numbers.
 * The text must be readable (see `readJson`).
 */
import { print } from './document.ts'

export type Path = readonly (string | number)[]
type Node = { start: number; end: number; open: '{' | '[' | ''; entries: Entry[] }
type Entry = { key: string; start: number; node: Node }

/** Longest line a change may make before what it changed is written on several lines. */
const longest = 124

class Scanner {
  private at = 0
  private text: string
  constructor(text: string) {
    this.text = text
  }

  value(): Node {
    this.skip(/[\s\uFEFF]*/y)
    const start = this.at
    const open = this.text[start]
    if (open !== '{' && open !== '[') {
      this.skip(open === '"' ? /"(?:[^"\\]|\\.)*"/y : /[^\s,\]}]+/y)
      return { start, end: this.at, open: '', entries: [] }
    }
    const entries: Entry[] = []
    const close = open === '{' ? '}' : ']'
    this.at++
    for (;;) {
      this.skip(/[\s,]*/y)
      if (this.text[this.at] === close || this.at >= this.text.length) break
      entries.push(this.entry(open, entries.length))
    }
    this.at++
    return { start, end: this.at, open, entries }
  }

  private entry(open: string, index: number): Entry {
    const start = this.at
    if (open === '[') return { key: String(index), start, node: this.value() }
    const key = JSON.parse(this.skip(/"(?:[^"\\]|\\.)*"/y)) as string
    this.skip(/\s*:/y)
    return { key, start, node: this.value() }
  }

  private skip(shape: RegExp): string {
    shape.lastIndex = this.at
    const found = shape.exec(this.text)?.[0] ?? ''
    this.at += found.length
    return found
  }
}

const scan = (text: string) => new Scanner(text).value()

const find = (root: Node, path: Path): Node | undefined =>
  path.reduce<Node | undefined>((node, key) => node?.entries.find((entry) => entry.key === String(key))?.node, root)

const splice = (text: string, from: number, to: number, words: string) => text.slice(0, from) + words + text.slice(to)

/** The white space a line begins with, if nothing else stands before the place. */
const indentAt = (text: string, at: number) => /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', at - 1) + 1))![0]

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

/** The value at a place, undefined when there is none. */
export function valueAt(text: string, path: Path): unknown {
  const node = find(scan(text), path)
  return node && JSON.parse(text.slice(node.start, node.end))
}

/**
 * Puts a value at a place; what holds it is made where it is missing. A new key goes where `order` says among its neighbours, else to
 * the end.
 */
export function setAt(text: string, path: Path, value: unknown, order: readonly string[] = []): string {
  const root = scan(text)
  const node = find(root, path)
  if (node) {
    if (same(JSON.parse(text.slice(node.start, node.end)), value)) return text
    return tidy(splice(text, node.start, node.end, print(value, indentAt(text, node.start))), path.slice(0, -1))
  }
  const [holder, key] = [path.slice(0, -1), path.at(-1)!]
  const parent = find(root, holder)
  if (!parent?.open) return setAt(text, holder, typeof key === 'number' ? [value] : { [key]: value }, order)
  const rank = (name: string) => (order.includes(name) ? order.indexOf(name) : order.length)
  const wanted = rank(String(key))
  const before =
    parent.open === '{' && wanted < order.length ? parent.entries.findLastIndex((entry) => rank(entry.key) < wanted) : null
  return insert(text, holder, parent, before === null ? parent.entries.length : before + 1, key, value)
}

/** Puts a value into a list before the entry with this index. */
export function insertAt(text: string, path: Path, index: number, value: unknown): string {
  const list = find(scan(text), path)
  if (!list?.open) return setAt(text, path, [value])
  return insert(text, path, list, Math.min(index, list.entries.length), index, value)
}

function insert(text: string, path: Path, holder: Node, at: number, key: string | number, value: unknown): string {
  const { entries, open } = holder
  const name = open === '{' ? `${JSON.stringify(String(key))}: ` : ''
  if (entries.length === 0) {
    const whole = open === '{' ? { [key]: value } : [value]
    return tidy(splice(text, holder.start, holder.end, print(whole, indentAt(text, holder.start))), path)
  }
  const first = entries[0]!.start
  const isTall = text.slice(holder.start, first).includes('\n')
  const indent = indentAt(text, isTall ? first : holder.start)
  const gap = isTall ? `\n${indent}` : ' '
  const words = name + print(value, indent)
  const next = entries[at]
  const changed = next
    ? splice(text, next.start, next.start, `${words},${gap}`)
    : splice(text, entries.at(-1)!.node.end, entries.at(-1)!.node.end, `,${gap}${words}`)
  return tidy(changed, path)
}

/** Takes away the entry at a place, with its comma; a missing one is no mistake. */
export function removeAt(text: string, path: Path): string {
  const holder = find(scan(text), path.slice(0, -1))
  const at = holder?.entries.findIndex((entry) => entry.key === String(path.at(-1))) ?? -1
  if (!holder || at < 0) return text
  const { entries } = holder
  if (entries.length === 1) return splice(text, holder.start, holder.end, holder.open === '{' ? '{}' : '[]')
  const next = entries[at + 1]
  return next
    ? splice(text, entries[at]!.start, next.start, '')
    : splice(text, entries[at - 1]!.node.end, entries[at]!.node.end, '')
}

/** Gives a key another name; its value and its place stay. */
export function renameKey(text: string, path: Path, name: string): string {
  const holder = find(scan(text), path.slice(0, -1))
  const entry = holder?.entries.find(({ key }) => key === String(path.at(-1)))
  if (!entry || holder?.open !== '{') return text
  const end = /^"(?:[^"\\]|\\.)*"/.exec(text.slice(entry.start))![0].length
  return splice(text, entry.start, entry.start + end, JSON.stringify(name))
}

/** What grew too long for its line is written on several. */
function tidy(text: string, path: Path): string {
  const node = find(scan(text), path)
  if (!node?.open || text.slice(node.start, node.end).includes('\n')) return text
  const [from, to] = [text.lastIndexOf('\n', node.start) + 1, text.indexOf('\n', node.end)]
  if ((to < 0 ? text.length : to) - from <= longest) return text
  const value = JSON.parse(text.slice(node.start, node.end)) as unknown
  const broken = print(value, indentAt(text, node.start))
  return broken.includes('\n') || path.length === 0 ? splice(text, node.start, node.end, broken) : tidy(text, path.slice(0, -1))
}
