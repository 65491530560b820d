import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from '../test/programs.ts'
import { lint } from './lint.ts'

const root = temporaryFolder()
let checkouts = 0

/** Lints a checkout of these files; gives `file:line reason` for each breach. */
function breaches(
  files: Record<string, string>,
  order = "export const order = ['identity', 'tasks', 'comments'] as const",
): string[] {
  const checkout = join(root, String(checkouts++))
  for (const [file, source] of Object.entries({ 'modules/index.ts': order, ...files })) {
    mkdirSync(dirname(join(checkout, file)), { recursive: true })
    writeFileSync(join(checkout, file), source)
  }
  return lint(checkout).map(({ file, line, reason }) => `${file}:${line} ${reason}`)
}

test('what the law allows', () => {
  expect(
    breaches({
      'modules/tasks/operations.ts':
        "import { a } from '../identity/contract.ts'\nimport { b } from '../identity/operations.ts'\nimport { c } from './queries.ts'",
      'modules/tasks/operations/close.ts':
        "import { b } from '../../identity/operations/me.ts'\nimport { x } from '../../../platform/operation.ts'",
      'modules/tasks/queries.ts': "import { sql } from 'kysely'\nimport type { Db } from '../../platform/database.ts'",
      'modules/tasks/ui/page.tsx':
        "import { c } from '../contract.ts'\nimport type { o } from '../operations.ts'\nimport { call } from '../../../platform/client.ts'",
      'modules/tasks/tasks.test.ts':
        "import { testDatabase } from '../../test/database.ts'\nimport { add } from '../comments/operations.ts'",
      'platform/context.ts': "import type { EventMap } from '../modules/vocabulary.ts'",
      'doors/http.ts': "import { a } from '../modules/identity/operations.ts'",
    }),
  ).toEqual([])
})

test.each([
  [
    "another module's queries",
    'modules/tasks/operations.ts',
    '../identity/queries.ts',
    /only module identity may use its queries/,
  ],
  ["another module's rules", 'modules/tasks/operations.ts', '../identity/rules.ts', /only module identity may use its rules/],
  ['queries from a door', 'doors/http.ts', '../modules/identity/queries.ts', /only module identity may use its queries/],
  [
    'anything else of another module',
    'modules/tasks/operations.ts',
    '../identity/helpers.ts',
    /only contract and operations may be used/,
  ],
  [
    'a later module',
    'modules/identity/operations.ts',
    '../tasks/operations.ts',
    /tasks comes after identity in modules\/index\.ts/,
  ],
  [
    'a module that is not in the order',
    'modules/tasks/operations.ts',
    '../ghosts/contract.ts',
    /ghosts is missing from the order/,
  ],
  ['operations in a page', 'modules/tasks/ui/page.tsx', '../operations.ts', /would carry server code into the browser/],
  ['queries in a page', 'modules/tasks/ui/page.tsx', '../queries.ts', /would carry server code into the browser/],
  [
    'pages of another module',
    'modules/tasks/ui/page.tsx',
    '../../identity/ui/people.tsx',
    /only contract and operations may be used/,
  ],
  [
    'the server side of the platform in a page',
    'modules/tasks/ui/page.tsx',
    '../../../platform/database.ts',
    /a page may use platform/,
  ],
  ['the database in rules', 'modules/tasks/rules.ts', 'kysely', /rules are pure/],
  ['queries in rules', 'modules/tasks/rules/close.ts', '../queries.ts', /rules are pure/],
  ['the database in a contract', 'modules/tasks/contract.ts', 'pg', /a contract is read by the browser/],
  ['requests in queries', 'modules/tasks/queries.ts', 'fastify', /queries know nothing of requests/],
  ['a door in a module', 'modules/tasks/operations.ts', '../../doors/http.ts', /a module stands below doors/],
  ['a module in the platform', 'platform/execute.ts', '../modules/tasks/operations.ts', /the platform stands below the modules/],
])('%s: refused', (_, file, from, reason) => {
  const found = breaches({ [file]: `// first line\nimport {\n  x,\n} from '${from}'` })
  expect(found.join('\n')).toMatch(reason)
  expect(found[0]).toContain(`${file}:2 `)
})

test('every form of import is seen', () => {
  const forms = [
    "import '../identity/queries.ts'",
    "export * from '../identity/queries.ts'",
    "const q = await import('../identity/queries.ts')",
    "import type { Q } from '../identity/queries.ts'",
  ]
  for (const form of forms) expect(breaches({ 'modules/tasks/operations.ts': form })).toHaveLength(1)
})

test('without an order everything else still holds', () => {
  expect(breaches({ 'modules/identity/a.ts': "import { t } from '../tasks/operations.ts'" }, '')).toEqual([])
  expect(breaches({ 'modules/identity/a.ts': "import { t } from '../tasks/queries.ts'" }, '')).toHaveLength(1)
})

test('sentences of the server outside of messages()', () => {
  expect(
    breaches({
      'modules/tasks/contract.ts': `export const a = z.array(Tag).max(20, 'At most 20 tags.')
export const b = text(60)
  .regex(/^([0-9a-f]{8}-[0-9a-f-]{27}|(x-)?\\d+)$/i,
    'Give a task by its number.')
export const c = text(9).refine((value) => value.trim() !== '', english(say.empty)).max(10, english(say.long))
export const d = Math.max(20, 30)`,
      'doors/files.ts': `throw Invalid(verbatim('No file came.'))
throw Invalid(verbatim(error.message))
throw Invalid(new Message(() => \`No \${name} came.\`))`,
      'modules/tasks/ui/a.ts': "export const e = z.string().max(20, 'At most 20.')",
    }),
  ).toEqual([
    expect.stringMatching(/^doors\/files.ts:1 “No file came.” belongs into messages/),
    expect.stringMatching(/^doors\/files.ts:3 “No .* came.” belongs into messages/),
    expect.stringMatching(/^modules\/tasks\/contract.ts:1 “At most 20 tags.” belongs into messages/),
    expect.stringMatching(/^modules\/tasks\/contract.ts:[23] “Give a task by its number.” belongs into messages/),
  ])
})

test('words and formats outside of the catalogues', () => {
  expect(
    breaches({
      'modules/tasks/ui/Page.tsx': `export const a = <img alt="A lift" />
export const b = <p title={\`\${n} left\`} />
export const c = { label: 'Size' }
export const d = <p title={\`\${n} / \${m}\`} aria-label={text.size} />`,
      'modules/tasks/ui/days.ts': 'export const say = (n: number) => n.toLocaleString()',
      'web/days.ts': 'export const day = new Intl.DateTimeFormat()',
      'modules/tasks/rules.ts': "export const label = { title: 'Size' }",
    }),
  ).toEqual([
    'modules/tasks/ui/Page.tsx:1 “A lift” belongs into a catalogue (ui/text.ts)',
    `modules/tasks/ui/Page.tsx:2 “\${n} left” belongs into a catalogue (ui/text.ts)`,
    'modules/tasks/ui/Page.tsx:3 “Size” belongs into a catalogue (ui/text.ts)',
    'modules/tasks/ui/days.ts:1 .toLocaleString(…) forgets the chosen language; use platform/react/words.ts or i18n.ts',
    'web/days.ts:1 Intl.DateTimeFormat(…) forgets the chosen language; use platform/react/words.ts or i18n.ts',
  ])
})
