import type { Display } from "@/lib/auth/schema"
import type { Db } from "@/lib/db/client"

/** Keeps how a person wants pages to look, for every browser in which they sign in from now on. */
export async function saveDisplay(
  { db, user }: { db: Db; user: { id: string } },
  display: Display,
): Promise<void> {
  await db.user.update({ where: { id: user.id }, data: display })
}
