/** `npm start`: the product on its own PostgreSQL, or on the one that DATABASE_URL names. */
import { randomBytes } from 'node:crypto'
import { explainFailure, requireNode } from '../platform/start-failure.ts'

try {
  requireNode()
  const { start } = await import('./start.ts')
  const { product, folder, settings } = await start()
  if (!product.isSetUp()) {
    const token = folder.secret('setupToken', () => randomBytes(24).toString('base64url'))
    console.log(
      `Nobody can sign in yet. Open this link once to make the administrator:\n  ${settings.publicUrl}/setup?token=${token}`,
    )
  }
} catch (error) {
  const { message, exitCode } = explainFailure(error)
  console.error(message)
  process.exit(exitCode)
}
