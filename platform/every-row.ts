/**
 * How the owner of the database reads every row although row security is forced on the owner as well: at once where its
 * role may pass the policies, organization by organization where it may not.
 */
import type pg from 'pg'

/** What one visit sees: one organization, or with null everything. */
export type Visit = string | null

/**
 * The visits that together see every row, once.
 * @param owner inside a transaction, because roles and settings last as long as that
 */
export async function visits(owner: pg.ClientBase): Promise<Visit[]> {
  const { rows } = await owner.query<{ passes: boolean }>(
    'select rolsuper or rolbypassrls as passes from pg_roles where rolname = current_user',
  )
  if (rows[0]!.passes) {
    // A policy that hid something after all is an error then, never a gap.
    await owner.query('set local row_security = off')
    return [null]
  }
  await owner.query('set local role tater_lookup')
  const organizations = await owner.query<{ id: string }>('select id from public.organizations order by id')
  await owner.query('reset role')
  return organizations.rows.map(({ id }) => id)
}

/** Looks at one of the visits from now on, until the transaction ends. */
export const visit = (owner: pg.ClientBase, which: Visit) =>
  owner.query("select set_config('app.organization_id', $1, true)", [which ?? ''])
