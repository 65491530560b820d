import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { prepareShutdown } from './shutdown.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function prepared() {
  const signals = new EventEmitter()
  const said: string[] = []
  const codes: number[] = []
  const shutdown = prepareShutdown({ signals, say: (message) => said.push(message), exit: (code) => codes.push(code) })
  return { signals, said, codes, shutdown }
}

test('steps run in reverse order, once, and the program ends with 0', async () => {
  const { signals, codes, shutdown } = prepared()
  const done: string[] = []
  for (const name of ['database', 'pool', 'http']) shutdown.add(name, () => done.push(name))
  expect(shutdown.begun()).toBe(false)
  signals.emit('SIGTERM', 'SIGTERM')
  expect(shutdown.begun()).toBe(true)
  await shutdown.run('again')
  expect(done).toEqual(['http', 'pool', 'database'])
  expect(codes).toEqual([0])
})

test('a step that fails is named and does not keep the others from running', async () => {
  const { said, codes, shutdown } = prepared()
  const database = vi.fn()
  shutdown.add('database', database)
  shutdown.add('http', () => Promise.reject(new Error('stuck')))
  await shutdown.run('test')
  expect(database).toHaveBeenCalledOnce()
  expect(said.join()).toContain('"http" failed: stuck')
  expect(codes).toEqual([1])
})

test('a failure as the reason keeps its exit code', async () => {
  const { codes, shutdown } = prepared()
  await shutdown.run('database lost', 69)
  expect(codes).toEqual([69])
})

test('the deadline ends it and names the step', async () => {
  const { said, codes, shutdown } = prepared()
  shutdown.add('drain', () => new Promise(() => {}))
  const stopped = shutdown.run('test')
  await vi.advanceTimersByTimeAsync(15_000)
  await stopped
  expect(said.at(-1)).toBe('Stopping took longer than 15 s, in "drain". Ending now.')
  expect(codes).toEqual([1])
})

test('a second Ctrl-C forces the end, its echo through npm does not', async () => {
  const { signals, codes, shutdown } = prepared()
  shutdown.add('drain', () => new Promise(() => {}))
  signals.emit('SIGINT', 'SIGINT')
  signals.emit('SIGINT', 'SIGINT')
  expect(codes).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  signals.emit('SIGINT', 'SIGINT')
  expect(codes).toEqual([130])
})
