import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { PersonFrame } from "@/components/shell/person-frame"
import { getCurrentUser } from "@/lib/auth/session"
import { OwnSessions } from "./own-sessions"

export const metadata: Metadata = { title: "Sessions" }

/** The sessions of a person who may have no team. A team's settings show the same. */
export default async function SessionsPage() {
  const user = await getCurrentUser()
  if (!user) redirect("/sign-in?next=/sessions")
  return (
    <PersonFrame>
      <OwnSessions userId={user.id} />
    </PersonFrame>
  )
}
