import { resolve } from 'node:path'
import { expect, test } from 'vitest'
import { readSettings, settingsReference, withoutPassword } from './settings.ts'
import type { StartFailure } from './start-failure.ts'

function refused(environment: Record<string, string>): StartFailure {
  try {
    readSettings(environment)
  } catch (error) {
    return error as StartFailure
  }
  throw new Error('The settings were accepted')
}

test('without any setting the program runs on this machine only, with its own database', () => {
  expect(readSettings({})).toEqual({
    port: 4800,
    host: '127.0.0.1',
    trustedProxies: ['loopback'],
    dataFolder: resolve('data'),
    databaseUrl: undefined,
    databaseUrlDirect: undefined,
    databaseUrlReplica: undefined,
    services: ['server', 'worker'],
    drainSeconds: 0,
    publicUrl: 'http://localhost:4800',
    secret: undefined,
    logLevel: 'info',
    namedStatements: true,
    attachmentMaxBytes: 25 * 1024 * 1024,
    outboundHosts: [],
    entra: undefined,
    auditSigningKey: undefined,
  })
})

test('every setting can be set', () => {
  const secret = 's'.repeat(32)
  expect(
    readSettings({
      PORT: '8080',
      HOST: '::',
      TRUSTED_PROXIES: 'loopback, 10.0.3.7,fd00::/8',
      TATER_DATA: '/srv/tater',
      TATER_SERVICES: 'worker',
      TATER_DRAIN_SECONDS: '5',
      DATABASE_URL: 'postgresql://u:p@db/tater',
      DATABASE_URL_DIRECT: 'postgresql://u:p@primary/tater',
      DATABASE_URL_REPLICA: 'postgresql://replica/tater',
      PUBLIC_URL: 'https://help.example.com/',
      TATER_SECRET: secret,
      TATER_LOG: 'debug',
      PG_NAMED: '0',
      TATER_ATTACHMENT_MAX_MB: '1',
      OUTBOUND_HOSTS: 'Keycloak.corp.example.com, 10.1.2.3',
      ENTRA_CLIENT_ID: '11111111-2222-4333-8444-555555555555',
      ENTRA_CLIENT_SECRET: 'secret of the app',
      ENTRA_AUTHORITY: 'https://login.microsoftonline.us/',
      AUDIT_SIGNING_KEY: secret,
    }),
  ).toEqual({
    port: 8080,
    host: '::',
    trustedProxies: ['loopback', '10.0.3.7', 'fd00::/8'],
    dataFolder: '/srv/tater',
    databaseUrl: 'postgresql://u:p@db/tater',
    databaseUrlDirect: 'postgresql://u:p@primary/tater',
    databaseUrlReplica: 'postgresql://replica/tater',
    services: ['worker'],
    drainSeconds: 5,
    publicUrl: 'https://help.example.com',
    secret,
    logLevel: 'debug',
    namedStatements: false,
    attachmentMaxBytes: 1024 * 1024,
    outboundHosts: ['keycloak.corp.example.com', '10.1.2.3'],
    entra: {
      clientId: '11111111-2222-4333-8444-555555555555',
      clientSecret: 'secret of the app',
      authority: 'https://login.microsoftonline.us',
    },
    auditSigningKey: secret,
  })
})

test('an empty setting counts as not set', () => {
  expect(readSettings({ PORT: '', HOST: ' ' }).port).toBe(4800)
})

test('the public address follows the port', () => {
  expect(readSettings({ PORT: '5000' }).publicUrl).toBe('http://localhost:5000')
})

test.each([
  ['PORT', '0'],
  ['PORT', '65536'],
  ['PORT', '80a'],
  ['PORT', '-1'],
  ['HOST', 'http://localhost'],
  ['TRUSTED_PROXIES', 'proxy.example.com'],
  ['TRUSTED_PROXIES', '10.0.0.0/33'],
  ['PUBLIC_URL', 'help.example.com'],
  ['PUBLIC_URL', 'https://example.com/help'],
  ['PUBLIC_URL', 'ftp://example.com'],
  ['TATER_LOG', 'loud'],
  ['PG_NAMED', 'yes'],
  ['TATER_SERVICES', 'server,jobs'],
  ['TATER_DRAIN_SECONDS', '-1'],
  ['TATER_ATTACHMENT_MAX_MB', '0'],
  ['TATER_ATTACHMENT_MAX_MB', '2.5'],
] as const)('%s=%s is refused with its name, its value and what it takes', (name, value) => {
  const { message, exitCode } = refused({ [name]: value })
  expect(exitCode).toBe(78)
  expect(message).toBe(
    `${name} "${value}" is not valid. It takes ${settingsReference[name].accepts}. Without it: ${settingsReference[name].absent}.`,
  )
})

test('a process that is only one of the two shares a database with others, so it must be told which', () => {
  const { message, exitCode } = refused({ TATER_SERVICES: 'worker' })
  expect(exitCode).toBe(78)
  expect(message).toContain('Set DATABASE_URL')
  expect(readSettings({ TATER_SERVICES: ' worker, server ' }).services).toEqual(['server', 'worker'])
  expect(readSettings({ TATER_SERVICES: 'worker', DATABASE_URL: 'postgres://u:p@db/tater' })).toMatchObject({
    services: ['worker'],
    port: 4801,
    publicUrl: 'http://localhost:4800',
  })
})

test('the ways past a pooler and to a replica go with the database they lead to', () => {
  const { message } = refused({ DATABASE_URL_DIRECT: 'postgres://u:p@db/tater', DATABASE_URL_REPLICA: 'postgres://db2/tater' })
  expect(message.split('\n')).toHaveLength(2)
})

test('all malformed settings are named at once', () => {
  expect(refused({ PORT: 'x', PG_NAMED: 'x' }).message.split('\n')).toHaveLength(2)
})

test('a secret is never shown', () => {
  const { message } = refused({
    TATER_SECRET: 'hunter2',
    AUDIT_SIGNING_KEY: 'hunter3',
    DATABASE_URL: 'mysql://u:hunter4@db/tater',
  })
  expect(message).not.toMatch(/hunter/)
  expect(message).toContain('TATER_SECRET (7 characters, not shown)')
  expect(message).toContain('mysql://u:***@db/tater')
  expect(refused({ DATABASE_URL: 'u:hunter2@db' }).message).not.toMatch(/hunter/)
  expect(refused({ DATABASE_URL: 'postgres//u:hunter2@db' }).message).not.toMatch(/hunter/)
  expect(withoutPassword('postgres://db/tater?password=hunter2')).not.toMatch(/hunter/)
})
