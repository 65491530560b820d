import { findProgram, installWithApt } from './apt.ts'

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']

/** Path of the browser for the browser tests: the one in CHROMIUM, else an installed one. */
export function findChromium(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  return environment.CHROMIUM || findProgram(names, environment.PATH)
}

/** Installs Chromium with apt. Returns its path, or throws saying what the person has to do. */
export function installChromium(): string {
  const byHand =
    'Install Chromium yourself (Debian, Ubuntu: apt-get install chromium) and run npm test again; CHROMIUM=/path/to/it names one in an unusual place.'
  installWithApt(['chromium'], 'The browser tests need Chromium', byHand)
  const path = findChromium()
  if (!path) throw new Error(`apt-get installed Chromium, but nothing of that name is in PATH. ${byHand}`)
  return path
}
