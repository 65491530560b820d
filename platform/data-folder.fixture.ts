/** Holds a data folder until it is killed. */
import { openDataFolder } from './data-folder.ts'
import { explainFailure } from './start-failure.ts'

try {
  openDataFolder(process.argv[2] ?? '')
  console.log('locked')
  setInterval(() => {}, 1000)
} catch (error) {
  const { message, exitCode } = explainFailure(error)
  console.log(message)
  process.exitCode = exitCode
}
