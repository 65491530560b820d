/** Holds a data folder until it is killed; `shared` as one of several. */
import { openDataFolder } from './data-folder.ts'
import { explainFailure } from './start-failure.ts'

try {
  const shared = process.argv[3] === 'shared'
  const folder = openDataFolder(process.argv[2] ?? '', { shared })
  console.log(shared ? `secret ${folder.secret('secret')}` : 'holds it')
  setInterval(() => {}, 1000)
} catch (error) {
  const { message, exitCode } = explainFailure(error)
  console.log(message)
  process.exitCode = exitCode
}
