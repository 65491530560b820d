/** `npm start`, `tater server`, `tater worker`: the product on its own PostgreSQL, or on the one that DATABASE_URL names. */
import { explainFailure, requireNode } from '../platform/start-failure.ts'

try {
  requireNode()
  const { start } = await import('./start.ts')
  const { setupLink } = await start()
  if (setupLink) console.log(`Nobody can sign in yet. Open this link once to make the administrator:\n  ${setupLink}`)
} catch (error) {
  const { message, exitCode } = explainFailure(error)
  console.error(message)
  process.exit(exitCode)
}
