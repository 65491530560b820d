import { createServer } from 'node:net'
import { expect, test } from 'vitest'
import { exitCodes, explainFailure, requireNode, StartFailure } from './start-failure.ts'

test('a taken port is named, with what to type instead', async () => {
  const first = createServer()
  const port = await new Promise<number>((resolve) =>
    first.listen(0, '127.0.0.1', () => resolve((first.address() as { port: number }).port)),
  )
  const error = await new Promise((resolve) => createServer().once('error', resolve).listen(port, '127.0.0.1'))
  first.close()
  const { message, exitCode } = explainFailure(error)
  expect(exitCode).toBe(98)
  expect(message).toContain(`Port ${port} is already used`)
  expect(message).toContain(`PORT=${port + 1} npm start`)
})

test('a HOST that means nothing is not blamed on the database', () => {
  process.env.HOST = 'nowhere.invalid'
  const error = Object.assign(new Error('x'), { code: 'ENOTFOUND', syscall: 'getaddrinfo', hostname: 'nowhere.invalid' })
  const { message, exitCode } = explainFailure(error)
  delete process.env.HOST
  expect(exitCode).toBe(exitCodes.badSetting)
  expect(message).toContain('HOST "nowhere.invalid"')
})

test.each([
  [{ code: 'EACCES', syscall: 'listen', port: 80 }, exitCodes.notPermitted, /may not listen on port 80/],
  [{ code: 'EADDRNOTAVAIL', syscall: 'listen', address: '192.0.2.1' }, exitCodes.badSetting, /no network address 192\.0\.2\.1/],
  [{ code: 'ECONNREFUSED', syscall: 'connect' }, exitCodes.databaseUnreachable, /ECONNREFUSED.*DATABASE_URL/],
  [{ code: 'EACCES', syscall: 'mkdir', path: '/etc/x' }, exitCodes.cannotCreate, /Cannot write \/etc\/x.*TATER_DATA/],
  [{ code: 'ENOSPC', syscall: 'write', path: '/data/x' }, exitCodes.cannotCreate, /disk is full/],
  [{ code: 'EBOGUS' }, exitCodes.failure, /unexpected error/],
])('%o is explained', (details, code, text) => {
  const { message, exitCode } = explainFailure(Object.assign(new Error('raw'), details))
  expect(exitCode).toBe(code)
  expect(message).toMatch(text)
})

test('a failure that explains itself keeps its words and its code', () => {
  expect(explainFailure(new StartFailure('Words.', 70))).toEqual({ message: 'Words.', exitCode: 70 })
})

test('something thrown that is no error is printed', () => {
  expect(explainFailure('oops').message).toContain('oops')
})

test('an old Node.js is refused with the way out', () => {
  expect(() => requireNode('20.20.2')).toThrow(/Node\.js 20\.20\.2 is too old.*npm start.*install Node\.js 24/)
  expect(() => requireNode('24.0.0')).not.toThrow()
  expect(() => requireNode('26.1.0')).not.toThrow()
})
