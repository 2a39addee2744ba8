import type { Db } from "@/lib/db/client"

/** Takes back a change of address that isn't confirmed yet: its link stops working. */
export async function cancelEmailChange({ db, user }: { db: Db; user: { id: string } }): Promise<void> {
  await db.emailChange.deleteMany({ where: { userId: user.id, confirmedAt: null } })
}
