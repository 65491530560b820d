/** Exit codes of the program, after sysexits.h, so that a service manager can tell the causes apart. */
export const exitCodes = {
  failure: 1,
  databaseUnreachable: 69,
  incompatible: 70,
  cannotCreate: 73,
  alreadyRunning: 75,
  notPermitted: 77,
  badSetting: 78,
  portTaken: 98,
} as const

/** The program cannot start or go on, for a reason the person running it can mend. The message says what happened and what to do. */
export class StartFailure extends Error {
  override readonly name = 'StartFailure'
  readonly exitCode: number

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options)
    this.exitCode = exitCode
  }
}

type Failure = { message: string; exitCode: number }
type SystemError = Error & { code?: string; port?: number; address?: string; path?: string; syscall?: string; hostname?: string }

/** What to print and which code to exit with, for whatever stopped the program. */
export function explainFailure(error: unknown): Failure {
  if (error instanceof StartFailure) return { message: error.message, exitCode: error.exitCode }
  if (!(error instanceof Error)) return { message: `The program stopped: ${String(error)}`, exitCode: exitCodes.failure }
  return explainListening(error) ?? explainDatabase(error) ?? explainFiles(error) ?? unknownFailure(error)
}

function explainListening(error: SystemError): Failure | undefined {
  if (error.syscall === 'getaddrinfo' && error.hostname && error.hostname === process.env.HOST?.trim()) {
    return {
      message: `HOST "${error.hostname}" is no address of this machine and no name it knows. Set HOST to one of its own addresses, or to 127.0.0.1.`,
      exitCode: exitCodes.badSetting,
    }
  }
  if (error.syscall !== 'listen' && error.code !== 'EADDRINUSE') return
  const port = error.port ?? 0
  const messages: Record<string, Failure> = {
    EADDRINUSE: {
      message: `Port ${port} is already used by another program. Stop that program, or choose another port: PORT=${port + 1} npm start`,
      exitCode: exitCodes.portTaken,
    },
    EACCES: {
      message: `This user may not listen on port ${port}. Choose a port above 1023, for example PORT=4800 npm start.`,
      exitCode: exitCodes.notPermitted,
    },
    EADDRNOTAVAIL: {
      message: `This machine has no network address ${error.address ?? ''}. Set HOST to one of its own addresses, or to 127.0.0.1.`,
      exitCode: exitCodes.badSetting,
    },
  }
  return messages[error.code ?? '']
}

const unreachable = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ECONNRESET',
  '57P03',
])

/** Whether an error of the pg driver means that no database answered. */
export function isUnreachable(error: unknown): boolean {
  const { code, message } = error as SystemError
  return unreachable.has(code ?? '') || /Connection terminated|timeout expired|timeout exceeded/i.test(message ?? '')
}

function explainDatabase(error: SystemError): Failure | undefined {
  if (!isUnreachable(error)) return
  return {
    message: `The database does not answer (${error.code ?? error.message}). Check that PostgreSQL runs and that DATABASE_URL is right.`,
    exitCode: exitCodes.databaseUnreachable,
  }
}

function explainFiles(error: SystemError): Failure | undefined {
  const reasons: Record<string, string> = {
    EACCES: 'this user may not write there',
    EPERM: 'this user may not change it',
    EROFS: 'it is on a read-only disk',
    ENOSPC: 'the disk is full',
    ENOTDIR: 'a part of the path is a file, not a folder',
    EEXIST: 'a file of that name is in the way',
  }
  const reason = reasons[error.code ?? '']
  if (!reason || !error.path) return
  return {
    message: `Cannot write ${error.path}: ${reason}. Mend that, or choose another data folder with TATER_DATA.`,
    exitCode: exitCodes.cannotCreate,
  }
}

function unknownFailure(error: Error): Failure {
  // The stack is for whoever reports this: nothing is known about the cause, so nothing is left out.
  return { message: `The program stopped on an unexpected error. ${error.stack ?? error.message}`, exitCode: exitCodes.failure }
}

/** Refuses a Node.js that is too old for the program, before anything else fails in a less readable way. */
export function requireNode(version: string = process.versions.node): void {
  if (Number(version.split('.')[0]) >= 24) return
  throw new StartFailure(
    `Node.js ${version} is too old: this program needs 24 or newer. Start it through npm (npm start), which brings its own Node.js 24, or install Node.js 24.`,
    exitCodes.badSetting,
  )
}
