import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32, deflateRawSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../test/programs.ts'
import { openTable, TableError } from './table-file.ts'

const folder = temporaryFolder()
let files = 0

async function read(content: string | Buffer) {
  const path = join(folder, `${files++}.csv`)
  writeFileSync(path, content)
  const { columns, rows } = await openTable(path)
  const all: { line: number; values: string[] }[] = []
  for await (const row of rows) all.push(row)
  return { columns, rows: all }
}

const refusal = (content: string | Buffer) =>
  read(content).then(
    () => expect.unreachable('it was read'),
    (error: TableError) => error,
  )

describe('a CSV', () => {
  test('is read with the line each row begins on, quoted line breaks and blank lines included', async () => {
    const { columns, rows } = await read('a,b\r\n1,"x\r\ny"\r\n\r\n2,"say ""hi"""\r\n')
    expect(columns).toEqual(['a', 'b'])
    expect(rows).toEqual([
      { line: 2, values: ['1', 'x\r\ny'] },
      { line: 5, values: ['2', 'say "hi"'] },
    ])
  })

  test.each([
    ['commas', 'a,b;c\n1,2', ['a', 'b;c']],
    ['semicolons', 'a;"b,c,d,e"\n1;2', ['a', 'b,c,d,e']],
    ['tabs', 'a\tb\n1\t2', ['a', 'b']],
    ['a byte-order mark', '\ufeffa,b\n1,2', ['a', 'b']],
  ])('may have %s', async (_name, text, columns) => {
    expect(await read(text)).toEqual({ columns, rows: [{ line: 2, values: ['1', '2'] }] })
  })

  test('may be UTF-16', async () => {
    expect(await read(Buffer.from('\ufeffname\tort\nÜ\tä', 'utf16le'))).toMatchObject({ rows: [{ values: ['Ü', 'ä'] }] })
  })

  test('may have columns without a name, and rows of another length are the reader’s to judge', async () => {
    expect(await read('a,\n1\n1,2,3')).toEqual({
      columns: ['a', 'Column 2'],
      rows: [
        { line: 2, values: ['1'] },
        { line: 3, values: ['1', '2', '3'] },
      ],
    })
  })

  test.each([
    ['a quote that never ends', 'a,b\n1,2\n3,"x\ny\nz', 3, 'Line 3: a quoted value begins in this row and never ends'],
    ['a quote inside a plain value', 'a,b\n1,say "hi"\n', 2, 'Line 2, value 2: a quote stands inside'],
    ['text after a closing quote', 'a,b\n1,2\n"x"y,2\n', 3, 'Line 3, value 1: text follows the closing quote'],
    ['the same column twice', 'a,b,a\n', 1, 'Line 1 names the column “a” twice'],
    ['nothing', '', null, 'The file is empty'],
    ['another encoding', Buffer.from([0x61, 0x0a, 0x62, 0x0a, 0xe9, 0x0a]), 3, 'The text is not UTF-8 (line 3)'],
  ])('with %s is refused with its line', async (_name, content, line, message) => {
    const error = await refusal(content)
    expect(error).toBeInstanceOf(TableError)
    expect(error).toMatchObject({ line, message: expect.stringContaining(message) })
  })
})

/** A zip by hand: local headers, the central directory, its end. */
function zip(entries: Record<string, string>) {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const [name, text] of Object.entries(entries)) {
    const data = Buffer.from(text)
    const packed = deflateRawSync(data)
    const common = Buffer.alloc(26)
    common.writeUInt16LE(20, 0)
    common.writeUInt16LE(8, 4)
    common.writeUInt32LE(crc32(data), 10)
    common.writeUInt32LE(packed.length, 14)
    common.writeUInt32LE(data.length, 18)
    common.writeUInt16LE(name.length, 22)
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), common, Buffer.from(name), packed])
    const more = Buffer.alloc(14)
    more.writeUInt32LE(offset, 10)
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), common, more, Buffer.from(name)]))
    parts.push(local)
    offset += local.length
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(directory.length, 8)
  end.writeUInt16LE(directory.length, 10)
  end.writeUInt32LE(size, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, ...directory, end])
}

describe('a zip', () => {
  test('with one CSV is read like the CSV', async () => {
    expect(await read(zip({ 'folder/events.csv': 'a,b\n1,2\n', '__MACOSX/._events.csv': 'junk' }))).toEqual({
      columns: ['a', 'b'],
      rows: [{ line: 2, values: ['1', '2'] }],
    })
  })

  test.each([
    ['no CSV', { 'readme.md': 'x' }, 'no .csv file'],
    ['two', { 'a.csv': 'x', 'b.csv': 'y' }, '2 CSV files (a.csv, b.csv)'],
    ['a workbook', { '[Content_Types].xml': 'x', 'xl/workbook.xml': 'y' }, 'Excel workbook'],
  ])('with %s is refused', async (_name, entries, message) => {
    expect(await refusal(zip(entries as Record<string, string>))).toMatchObject({
      name: 'TableError',
      message: expect.stringContaining(message),
    })
  })

  test('that is cut off is refused', async () => {
    expect(await refusal(zip({ 'a.csv': 'a,b\n' }).subarray(0, 40))).toMatchObject({
      name: 'TableError',
      message: expect.stringContaining('cannot be read'),
    })
  })
})
