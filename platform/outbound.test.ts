import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { isInside, outbound } from './outbound.ts'

test.each([
  '127.0.0.1',
  '127.255.255.254',
  '10.0.0.1',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '169.254.169.254',
  '100.64.0.1',
  '0.0.0.0',
  '255.255.255.255',
  '::1',
  '::',
  'fe80::1',
  'fd00:ec2::254',
  '::ffff:127.0.0.1',
  '::ffff:7f00:1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'ff02::1',
])('%s is inside', (address) => expect(isInside(address)).toBe(true))

test.each(['8.8.8.8', '172.32.0.1', '100.128.0.1', '20.190.128.1', '2600:1f18::1', '2a00:1450:4001::200e'])(
  '%s is of the public internet',
  (address) => expect(isInside(address)).toBe(false),
)

test.each([
  'https://127.0.0.1/',
  'https://127.1/',
  'https://0x7f000001/',
  'https://2130706433/',
  'https://[::1]/',
  'https://[::ffff:127.0.0.1]/',
  'https://localhost/',
  'https://169.254.169.254/latest/meta-data',
])('%s is not asked', async (url) => {
  await expect(outbound()(url)).rejects.toThrow(/private network/)
})

test.each(['http://example.com/', 'ftp://example.com/', 'file:///etc/passwd'])(
  '%s is not asked, for it is not encrypted',
  (url) => expect(outbound()(url)).rejects.toThrow(/https/),
)

test('a host that is named may lie inside; redirects are handed back, answers are bounded', async () => {
  const server = createServer((request, response) => {
    if (request.url === '/there') return response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    if (request.url === '/much') return response.end('x'.repeat(2 ** 21))
    response.end('here')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const send = outbound(['127.0.0.1'])
  try {
    expect(await (await send(base)).text()).toBe('here')
    expect((await send(`${base}/there`)).status).toBe(302)
    await expect(send(`${base}/much`)).rejects.toThrow(/larger/)
    await expect(send(base.replace('127.0.0.1', 'localhost'))).rejects.toThrow(/https/)
  } finally {
    server.close()
  }
})
