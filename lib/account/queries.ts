import { toDisplay } from "@/lib/auth/display"
import type { Display } from "@/lib/auth/schema"
import type { Db, Tx } from "@/lib/db/client"

export type Profile = {
  /** Empty for a person who has given none. */
  name: string
  email: string
  /** The address that waits to be confirmed. */
  pendingEmail: string | null
  display: Display
}

/** Returns what a person sees of their own account. */
export async function getProfile({ db, now }: { db: Db; now: Date }, userId: string): Promise<Profile> {
  const user = await db.user.findUniqueOrThrow({
    where: { id: userId },
    select: {
      name: true,
      email: true,
      theme: true,
      dateLanguage: true,
      timeZone: true,
      emailChanges: { where: { confirmedAt: null, expiresAt: { gt: now } }, select: { newEmail: true } },
    },
  })
  const { name, email, emailChanges, ...display } = user
  return {
    name: name ?? "",
    email,
    pendingEmail: emailChanges[0]?.newEmail ?? null,
    display: toDisplay(display),
  }
}

/** Lists the names of the teams that a person owns. None of them can be without its Owner. */
export async function listOwnedTeams(db: Db | Tx, userId: string): Promise<string[]> {
  const owned = await db.member.findMany({
    where: { userId, role: "OWNER", removedAt: null, team: { deletedAt: null } },
    select: { team: { select: { name: true } } },
    orderBy: { team: { name: "asc" } },
  })
  return owned.map(({ team }) => team.name)
}
