import type { PersonCtx } from "./ctx"
import { tellTeams } from "./tell-teams"

/** Changes the name under which a person is shown to their teams. */
export async function renamePerson(ctx: PersonCtx, { name }: { name: string }): Promise<void> {
  const { db, user } = ctx
  await db.$transaction(async (tx) => {
    const { name: former } = await tx.user.findUniqueOrThrow({
      where: { id: user.id },
      select: { name: true },
    })
    if (former === name) return
    await tx.user.update({ where: { id: user.id }, data: { name } })
    await tellTeams(tx, ctx, { kind: "member.renamed", name, before: { name: former }, after: { name } })
  })
}
