import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { prepareDatabase } from '../platform/database-owner.ts'
import { template } from './cluster.ts'

export type TestDatabase = {
  /** As the owner of everything, past every policy: for arranging what the program itself could not. */
  ownerUrl: string
  /** As the program signs in. */
  appUrl: string
  /** Removes the database with whoever is still connected, and its role. */
  drop: () => Promise<void>
}

/** A database of its own with the whole schema, for one test file: call it in beforeAll and `drop` in afterAll. */
export async function testDatabase(): Promise<TestDatabase> {
  const problem = inject('schemaProblem')
  if (problem) throw new Error(`The test database has no schema. ${problem}`)
  const name = `t_${randomBytes(6).toString('hex')}`
  await asAdmin(`create database ${name} template ${template}`)
  const ownerUrl = clusterUrl(name)
  const { appUrl } = await prepareDatabase(ownerUrl)
  return {
    ownerUrl,
    appUrl,
    drop: async () => {
      await asAdmin(`drop database if exists ${name} with (force)`)
      await asAdmin(`drop role if exists ${name}_app`)
    },
  }
}

/** Owner's address of a database of the test cluster. */
export function clusterUrl(database: string): string {
  return inject('cluster') + database
}

/** Runs statements one by one, outside transactions, as the superuser of the test cluster. */
export async function asAdmin(...statements: string[]): Promise<void> {
  const client = new pg.Client({ connectionString: clusterUrl('postgres') })
  await client.connect()
  try {
    for (const statement of statements) await client.query(statement)
  } finally {
    await client.end()
  }
}
