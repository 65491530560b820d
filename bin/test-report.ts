import { readFileSync } from 'node:fs'

/** What a test tool did. `notes` say what the numbers alone do not. */
export type Count = { passed: number; failed: number; notes: string[] }

type VitestReport = {
  numPassedTests: number
  numFailedTests: number
  numPendingTests: number
  numTodoTests: number
  testResults: { name: string; status: string; message?: string; assertionResults: VitestAssertion[] }[]
}
type VitestAssertion = { status: string; fullName?: string; failureMessages?: string[] | null }

type PlaywrightReport = {
  stats: { expected: number; unexpected: number; flaky: number; skipped: number }
  errors: unknown[]
  suites?: PlaywrightSuite[]
}
type PlaywrightSuite = { title: string; suites?: PlaywrightSuite[]; specs?: PlaywrightSpec[] }
type PlaywrightSpec = { title: string; ok: boolean; tests: { results: { error?: { message?: string } }[] }[] }

/** Counts a vitest run. A file that could not even be loaded is a failure, though vitest counts no test in it. */
export function countVitest(report: VitestReport): Count {
  const broken = report.testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && !assertionResults.some((one) => one.status === 'failed'),
  )
  return total(
    report.numPassedTests,
    report.numFailedTests + broken.length,
    {
      [`could not be run: ${broken.map(({ name }) => name).join(', ')}`]: broken.length,
      ...skipped(report.numPendingTests + report.numTodoTests),
    },
    failuresOf(report),
  )
}

/** Which tests failed and how, for whoever sees only the end of the output. */
const failuresOf = ({ testResults }: VitestReport) =>
  testResults.flatMap(({ name, assertionResults }) =>
    assertionResults
      .filter(({ status }) => status === 'failed')
      .map(({ fullName, failureMessages }) => failure(`${name} › ${fullName}`, failureMessages?.[0])),
  )

const failuresIn = (suite: PlaywrightSuite): string[] => [
  ...(suite.specs ?? [])
    .filter(({ ok }) => !ok)
    .map(({ title, tests }) =>
      failure(`${suite.title} › ${title}`, tests.flatMap(({ results }) => results).find(({ error }) => error)?.error?.message),
    ),
  ...(suite.suites ?? []).flatMap(failuresIn),
]

/** The terminal's colours, which a report has no use for. */
const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

const failure = (name: string, message = '') => {
  const lines = message.replaceAll(colours, '').split('\n').slice(0, 12)
  return [`failed: ${name}`, ...lines.map((line) => `    ${line.slice(0, 300)}`)].join('\n    ')
}

/** Counts a Playwright run. A test that passed at a second try only is a failure: nobody knows what it proves. */
export function countPlaywright({ stats, errors, suites = [] }: PlaywrightReport): Count {
  return total(
    stats.expected,
    stats.unexpected + stats.flaky + errors.length,
    {
      'passed at a second try only, which counts as failed': stats.flaky,
      'errors outside of tests': errors.length,
      ...skipped(stats.skipped),
    },
    suites.flatMap(failuresIn),
  )
}

const skipped = (count: number) => ({ 'skipped, which counts as failed: mend or remove them': count })

function total(passed: number, failed: number, oddities: Record<string, number>, failures: string[]): Count {
  const notes = [
    ...Object.entries(oddities)
      .filter(([, count]) => count > 0)
      .map(([what, count]) => `${count} ${what}`),
    ...failures,
  ]
  const leftOut = Object.entries(oddities).find(([what]) => what.startsWith('skipped'))?.[1] ?? 0
  if (passed + failed + leftOut === 0) return { passed: 0, failed: 1, notes: ['no test was run, which counts as failed'] }
  return { passed, failed: failed + leftOut, notes }
}

/** Reads a tool's report. A tool that ended badly without a failed test, or left no report, has failed all the same. */
export function readReport<Report>(file: string, count: (report: Report) => Count, exitCode: number): Count {
  let result: Count
  try {
    result = count(JSON.parse(readFileSync(file, 'utf8')) as Report)
  } catch {
    return { passed: 0, failed: 1, notes: [`it ended with code ${exitCode} and left no readable report`] }
  }
  if (exitCode === 0 || result.failed > 0) return result
  return { ...result, failed: 1, notes: [...result.notes, `it ended with code ${exitCode}, though no test failed`] }
}
