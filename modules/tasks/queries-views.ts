/** SQL about saved views of the list. */
import type { Db } from '../../platform/context.ts'

export const listViews = (db: Db, owner: string) =>
  db
    .selectFrom('task_views')
    .select(['id', 'name', 'scope', 'owner', 'team_id as teamId', 'query'])
    .where((eb) => eb.or([eb('scope', '<>', 'private'), eb('owner', '=', owner)]))
    .orderBy('name')
    .limit(200)
    .execute()

export const lockView = (db: Db, id: string) =>
  db.selectFrom('task_views').select(['id', 'name', 'scope', 'owner']).where('id', '=', id).forUpdate().executeTakeFirst()

export const saveView = (
  db: Db,
  row: { id: string; name: string; scope: string; owner: string; team_id: string | null; query: string },
) =>
  db
    .insertInto('task_views')
    .values(row)
    .onConflict((conflict) =>
      conflict
        .columns(['organization_id', 'id'])
        .doUpdateSet({ name: row.name, scope: row.scope, team_id: row.team_id, query: row.query }),
    )
    .execute()

export const deleteView = (db: Db, id: string) => db.deleteFrom('task_views').where('id', '=', id).execute()
