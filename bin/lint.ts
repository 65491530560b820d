/**
 * Holds the law of dependency (docs/architecture.md) over modules/, that words stand in catalogues only,
 * that what the server says can be translated, and that migrations leave the release before running.
 * Prints each breach as file:line; exit code 1 when there is one.
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { migrationBreaches } from './migration-rules.ts'

type Import = { line: number; from: string; typesOnly: boolean }
export type Breach = { file: string; line: number; reason: string }

const importStatement =
  /^[ \t]*(?:import|export)\s+(type\b)?[^;'"()]*?from\s*['"]([^'"]+)['"]|^[ \t]*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/gm

/** Every breach of the law in a checkout. */
export function lint(root: string): Breach[] {
  const order = moduleOrder(join(root, 'modules', 'index.ts'))
  const files = globSync('{modules,platform,doors,bin,chaos,test,web,bench}/**/*.{ts,tsx}', { cwd: root }).filter(
    (file) => !/node_modules|\.d\.ts$/.test(file),
  )
  const sources = files.sort().flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8')
    const imports = importsOf(source).flatMap(({ line, from, typesOnly }) =>
      reasonsAgainst(file, target(file, from), typesOnly, order).map((reason) => ({ file, line, reason })),
    )
    return [...imports, ...wordsOutsideCatalogues(file, source), ...sentencesOutsideMessages(file, source)]
  })
  const migrations = globSync('db/migrations/*.sql', { cwd: root }).sort()
  return [
    ...sources,
    ...migrations.flatMap((file) =>
      migrationBreaches(Number.parseInt(file.split('/').at(-1)!, 10), readFileSync(join(root, file), 'utf8')).map((breach) => ({
        file,
        ...breach,
      })),
    ),
  ]
}

/** Attributes and properties that people read. JSX text itself is held by Biome's `noJsxLiterals`. */
const spokenAttribute =
  /[\s{,](?:aria-label|aria-description|aria-roledescription|alt|cancel|description|help|label|lead|message|placeholder|title)(?:=(?:\{\s*)?|:\s+)(['"`])((?:(?!\1).)*)\1/g
const localFormat =
  /\.toLocale(?:Date|Time)?String\(|\bIntl\.(?:DateTimeFormat|NumberFormat|PluralRules|RelativeTimeFormat|ListFormat)\(/g
const formats = /^platform\/react\/(?:i18n|words)\.ts$/

/** Words in components, and numbers and dates written without the chosen language. */
function wordsOutsideCatalogues(file: string, source: string): Breach[] {
  if (!/^(?:web|platform\/react|modules\/[^/]+\/ui)\//.test(file) || /\.test\.tsx?$/.test(file)) return []
  const lineOf = (index: number) => source.slice(0, index + 1).split('\n').length
  const words = file.endsWith('.tsx')
    ? [...source.matchAll(spokenAttribute)].filter(([, , said]) => /\p{L}{2}/u.test(said!.replace(/\$\{[^}]*\}/g, '')))
    : []
  const foreign = formats.test(file) ? [] : [...source.matchAll(localFormat)]
  return [
    ...words.map(({ index, 2: said }) => ({
      file,
      line: lineOf(index),
      reason: `“${said}” belongs into a catalogue (ui/text.ts)`,
    })),
    ...foreign.map(({ index, 0: call }) => ({
      file,
      line: lineOf(index),
      reason: `${call}…) forgets the chosen language; use platform/react/words.ts or i18n.ts`,
    })),
  ]
}

/** A sentence of a schema, `.max(20, 'At most 20 tags.')`, over several lines too; in the middle stands at most one call or pattern. */
const schemaSentence =
  /\.(?:refine|superRefine|regex|min|max|length|nonempty)\((?:[^()'"`]|\([^()]*(?:\([^()]*\)[^()]*)*\)|'[^']*'(?=[^,)]*,\s*['"`]))*?,\s*(['"`])((?:(?!\1).)*\p{L}{2} (?:(?!\1).)*)\1/gsu
/** Words said to be somebody else's that are written here, and a message made past the catalogues. */
const ownWordsAsOthers = /\bverbatim\(\s*(['"`])((?:(?!\1).)+)\1|\bnew Message\(\(\)\s*=>\s*(['"`])((?:(?!\3).)+)\3/g

/**
 * What the server says to people stands in `messages(…)`. That a problem takes nothing else, the compiler holds (`Message` in
 * platform/problem.ts); this holds the ways around it.
 */
function sentencesOutsideMessages(file: string, source: string): Breach[] {
  if (!/^(?:modules|platform|doors)\//.test(file) || /\/(?:ui|react)\/|\.test\.ts$/.test(file)) return []
  return [...source.matchAll(schemaSentence), ...source.matchAll(ownWordsAsOthers)].map((match) => ({
    file,
    line: source.slice(0, match.index).split('\n').length,
    reason: `“${match[2] ?? match[4]}” belongs into messages(…); a schema takes it as english(say.…)`,
  }))
}

function moduleOrder(index: string): string[] {
  if (!existsSync(index)) return []
  const list = /export const order\s*=\s*\[([^\]]*)\]/.exec(readFileSync(index, 'utf8'))?.[1] ?? ''
  return [...list.matchAll(/['"]([^'"]+)['"]/g)].map((match) => match[1]!)
}

function importsOf(source: string): Import[] {
  return [...source.matchAll(importStatement)].map((match) => ({
    line: source.slice(0, match.index + match[0].search(/\S/)).split('\n').length,
    from: match[2] ?? match[3] ?? match[4]!,
    typesOnly: match[1] !== undefined,
  }))
}

/** A path from the root, or the name of a package. */
const target = (file: string, from: string) => (from.startsWith('.') ? relative('.', resolve(dirname(file), from)) : from)

const partsOf = (path: string) => /^modules\/([^/]+)\/(.+?)\.tsx?$/.exec(path)?.slice(1) as [string, string] | undefined

/** The parts of a module that others may use; `operations` may be a folder. */
const isPart = (part: string, name: string) => part === name || part.startsWith(`${name}/`) || part.startsWith(`${name}.`)

function reasonsAgainst(file: string, to: string, typesOnly: boolean, order: string[]): string[] {
  const isTest = /\.test\.tsx?$/.test(file)
  const own = partsOf(file)
  const other = partsOf(to)
  const reasons: string[] = []
  const say = (breach: boolean, reason: string) => breach && reasons.push(reason)

  const foreign = other !== undefined && own?.[0] !== other[0]
  // Tests of the whole may look anywhere; a module's own tests keep to the law except for its order.
  if (foreign && (own || !isTest)) {
    const hidden = isPart(other[1], 'queries') || isPart(other[1], 'rules')
    say(hidden, `only module ${other[0]} may use its ${other[1]}; go through its operations`)
    say(
      !!own && !hidden && !isPart(other[1], 'contract') && !isPart(other[1], 'operations'),
      `of module ${other[0]} only contract and operations may be used, not ${other[1]}`,
    )
  }
  say(
    /^platform\//.test(file) && !!other && !typesOnly && !isTest,
    `the platform stands below the modules and must not use ${to}, except for its types`,
  )
  if (!own || isTest) return reasons
  const [module, part] = own

  if (order.length > 0 && foreign) {
    const [at, theirs] = [order.indexOf(module), order.indexOf(other[0])]
    say(at < 0, `module ${module} is missing from the order in modules/index.ts`)
    say(theirs < 0, `module ${other[0]} is missing from the order in modules/index.ts`)
    say(
      at >= 0 && theirs > at,
      `module ${other[0]} comes after ${module} in modules/index.ts; let ${module} record an event that ${other[0]} listens to`,
    )
  }
  if (part.startsWith('ui/')) {
    const server = other && !other[1].startsWith('ui/') && !isPart(other[1], 'contract')
    say(
      !!server && !(typesOnly && isPart(other[1], 'operations')),
      `a page may use contracts and, as types, operations; ${to} would carry server code into the browser`,
    )
    say(
      /^platform\//.test(to) && !/^platform\/(client|react|actions|fields)\b/.test(to) && !typesOnly,
      `a page may use platform/{client,react,actions,fields} only, not ${to}`,
    )
  }
  const isDatabase = /^(pg|kysely|pg-boss)$/.test(to) || /^platform\/database\b/.test(to) || /\/queries\b/.test(to)
  say(isPart(part, 'rules') && isDatabase, `rules are pure: they take rows and answer, and never see the database (${to})`)
  say(isPart(part, 'contract') && isDatabase, `a contract is read by the browser, which has no database (${to})`)
  say(
    isPart(part, 'queries') && /^(platform\/http\b|fastify$|@fastify\/|node:http$|doors\/)/.test(to),
    `queries know nothing of requests (${to})`,
  )
  say(/^(doors|bin|test|web)\//.test(to), `a module stands below ${to.split('/')[0]}/ and must not use ${to}`)
  return reasons
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const breaches = lint(process.cwd())
  for (const { file, line, reason } of breaches) console.error(`${file}:${line}  ${reason}`)
  console.log(breaches.length === 0 ? 'The law of dependency holds; words stand in catalogues.' : `${breaches.length} breaches.`)
  process.exitCode = breaches.length === 0 ? 0 : 1
}
