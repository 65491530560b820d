/** `tater`: the command line. Each command is a file under bin/cli, loaded when it is asked for. */
import { exits, Failure } from './cli/command.ts'

const help = `tater: the command line of TATER Ops

  tater server              the product, as npm start; the settings are environment variables (docs/running.md)
        --no-jobs         answers requests only; \`tater worker\` processes work off the jobs
  tater worker              works off background jobs; answers /health on PORT
  tater import FILE --kind servicenow|csv   bring tickets in through the running server
        --profile ID      process profile of the new tickets (servicenow: ITIL Incident when absent)
        --mapping FILE    JSON: {"Column": "field"}, or {"mapping": {…}, "values": {…}};
                          without it the columns are matched by name
        --url URL         the server; TATER_URL, or http://localhost:4800
        --key KEY         an API key that may import; TATER_API_KEY
        --json            print the finished import as JSON
  tater profile replay --profile p.json --log events.csv --preset servicenow
                            what a process would have refused last year; reads the files, needs no server
        --preset NAME     generic (columns case, time, status) or servicenow
        --case, --time, --status COLUMN   other names of the columns
        --json            {accepted, refused, casesWhollyLegal, moves: [{from, to, count, accepted}], …}
  tater profile validate p.json             what is wrong with a profile, and in which line
  tater activity verify activity.ndjson     whether an exported activity log is as it was written (AUDIT_SIGNING_KEY)
  tater backup FILE         everything of the installation in one file, while it runs; FILE may be a folder
        --verify          check a backup: whole, unaltered, by whom
  tater restore FILE        bring a backup into an empty installation: all of it, or nothing
        --without-secret  although TATER_SECRET is lost
  tater doctor              look at the installation: what is wrong, why it matters, what to do; 1 when there is a problem
        --json            {healthy, findings: [{check, level, what, why, todo}]}
  tater mcp                 MCP server on stdin and stdout for agents; needs TATER_API_KEY, takes TATER_URL
  tater help

FILE and --log may be a .csv, or a .zip with one .csv inside. --profile of replay also takes a standard profile by
name: seed:basic, seed:itil-incident, seed:itil-service-request, seed:itil-problem, seed:nist-ir.

Exit codes: 0 done · 1 refused, or rows failed · 2 called wrongly · 69 the server does not answer`

async function main([name, ...args]: string[]): Promise<number> {
  switch (name) {
    case undefined:
    case 'help':
    case '--help':
    case '-h':
      console.log(help)
      return name === undefined ? exits.usage : exits.done
    case 'server':
    case 'worker':
      return (await import('./cli/serve.ts')).serve(name, args)
    case 'mcp':
      return (await import('./cli/mcp.ts')).mcp(args)
    case 'import':
      return (await import('./cli/import.ts')).importFile(args)
    case 'backup':
      return (await import('./cli/backup.ts')).backup(args)
    case 'doctor':
      return (await import('./cli/doctor.ts')).doctor(args)
    case 'restore':
      return (await import('./cli/restore.ts')).restore(args)
    case 'profile':
      if (args[0] === 'replay') return (await import('./cli/replay.ts')).replay(args.slice(1))
      if (args[0] === 'validate') return (await import('./cli/validate.ts')).validate(args.slice(1))
      throw new Failure(
        'tater profile has two commands: replay and validate. `tater help` shows how they are called.',
        exits.usage,
      )
    case 'activity':
      if (args[0] === 'verify') return (await import('./cli/verify.ts')).verify(args.slice(1))
      throw new Failure('tater activity has one command: verify. `tater help` shows how it is called.', exits.usage)
    default:
      throw new Failure(`There is no command "${name}". \`tater help\` lists them.`, exits.usage)
  }
}

try {
  const { requireNode } = await import('../platform/start-failure.ts')
  requireNode()
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  if (!(error instanceof Failure) && (error as Error).name !== 'StartFailure') console.error(error)
  else console.error((error as Error).message)
  process.exitCode = (error as { exitCode?: number }).exitCode ?? 70
}
