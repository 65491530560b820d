/**
 * What a migration must not do, because servers of the release before work on the same database while it runs and after
 * it: the rule of expand and contract (docs/operations.md). Reads SQL as text; it is a guard against forgetting, not a proof.
 */

export type MigrationBreach = { line: number; reason: string }

/** Migrations up to this one are from before the rule. */
export const grandfathered = 27

/** Tables that grow with the tickets: what locks one of them stops everybody. */
const big =
  '(?:public\\.)?(?:tasks|task_search|task_links|task_watchers|comments|comment_versions|attachments|events|executions|import_keys|provider_access|scan_rows|security_records)'

type Rule = { finds: RegExp; unless?: RegExp; reason: string; alsoFresh?: true }

const allowed = 'or say above it why it may be: `-- allowed: …`'

const rules: readonly Rule[] = [
  {
    finds: /\b(?:drop\s+(?:column|table|view)|rename\s+(?:column|to)|alter\s+column\s+\S+\s+(?:set\s+data\s+)?type)\b/i,
    reason: `the release before still uses it: stop using it in one release, take it away in the next, ${allowed}`,
  },
  {
    finds: /\badd\s+column\b[^,;]*\bnot\s+null\b/i,
    unless: /\badd\s+column\b[^,;]*\b(?:default|generated)\b/i,
    reason: 'the release before does not know the column and inserts without it: give it a default, or leave it nullable',
  },
  {
    finds: new RegExp(`\\balter\\s+table\\s+(?:only\\s+)?${big}\\b[^;]*\\bset\\s+not\\s+null\\b`, 'i'),
    reason: `it reads the whole table while nobody may use it: add a check (… is not null) not valid, validate it in the next migration, ${allowed}`,
  },
  {
    finds: new RegExp(`\\bcreate\\s+(?:unique\\s+)?index\\b[^;]*\\bon\\s+(?:only\\s+)?${big}\\b`, 'i'),
    unless: /\bindex\s+if\s+not\s+exists\b/i,
    reason: `nobody can write to the table while it is built: write "create index if not exists", so that it can be built concurrently before the release, ${allowed}`,
  },
  {
    finds: new RegExp(
      `\\balter\\s+table\\s+(?:only\\s+)?${big}\\b[^;]*\\badd\\s+(?:constraint\\s+\\S+\\s+)?(?:check|foreign\\s+key)\\b`,
      'i',
    ),
    unless: /\bnot\s+valid\b/i,
    reason: `it reads the whole table while nobody may write: add it not valid, validate it in the next migration, ${allowed}`,
  },
  {
    finds: new RegExp(`^\\s*(?:update\\s+${big}\\b|delete\\s+from\\s+${big}\\b)`, 'i'),
    reason: `it keeps rows locked until the migration ends, and the table doubles: fill in batches by a job, ${allowed}`,
  },
  {
    finds: /^\s*(?:lock\s+(?:table\b)?|vacuum\b|cluster\b|reindex\b)/i,
    reason: `it stops everybody for as long as it takes, ${allowed}`,
    alsoFresh: true,
  },
  {
    finds: /\bconcurrently\b|^\s*(?:begin|commit|rollback)\b(?!\s+atomic)/i,
    reason: 'a migration is one transaction, which the program begins and ends',
    alsoFresh: true,
  },
]

/** What is wrong with a migration after the ones from before the rule. */
export function migrationBreaches(number: number, sql: string): MigrationBreach[] {
  if (number <= grandfathered) return []
  const fresh = new Set(
    [...sql.matchAll(/\bcreate\s+table\s+(?:if\s+not\s+exists\s+)?([\w."]+)/gi)].map((match) => match[1]!.toLowerCase()),
  )
  return statementsOf(sql).flatMap(({ line, text, why }) => {
    if (why) return []
    const about = /\b(?:alter\s+table\s+(?:only\s+)?(?:if\s+exists\s+)?|on\s+(?:only\s+)?|update\s+|from\s+)([\w."]+)/i
      .exec(text)?.[1]
      ?.toLowerCase()
    const isFresh = about !== undefined && fresh.has(about)
    return rules
      .filter(({ finds, unless, alsoFresh }) => (alsoFresh || !isFresh) && finds.test(text) && !unless?.test(text))
      .map(({ reason }) => ({ line, reason: `${text.split(/\s+/).slice(0, 6).join(' ')} …: ${reason}` }))
  })
}

/** Statements outside function bodies, without comments, with the line they begin in and the reason given above them. */
function statementsOf(sql: string): { line: number; text: string; why: boolean }[] {
  const found: { line: number; text: string; why: boolean }[] = []
  // Bodies and texts may hold semicolons and the words of a statement; lines stay where they are.
  const blanked = sql.replace(/\$(\w*)\$[\s\S]*?\$\1\$|'(?:[^']|'')*'/g, (text) => text.replace(/[^\n]/g, ' '))
  let from = 0
  for (const piece of blanked.split(';')) {
    const comments = [...piece.matchAll(/--([^\n]*)/g)].map((match) => match[1]!)
    const text = piece.replace(/--[^\n]*/g, (comment) => ' '.repeat(comment.length))
    const begins = from + Math.max(0, text.search(/\S/))
    if (text.trim()) {
      const why = comments.some((comment) => /^\s*allowed:\s*\S/.test(comment))
      found.push({ line: sql.slice(0, begins).split('\n').length, text: text.trim().replace(/\s+/g, ' '), why })
    }
    from += piece.length + 1
  }
  return found
}
