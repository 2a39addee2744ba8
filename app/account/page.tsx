import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { PersonFrame } from "@/components/shell/person-frame"
import { getCurrentUser } from "@/lib/auth/session"
import { OwnAccount } from "./own-account"

export const metadata: Metadata = { title: "Profile" }

/** The profile of a person who may have no team. A team's settings show the same. */
export default async function AccountPage() {
  const user = await getCurrentUser()
  if (!user) redirect("/sign-in?next=/account")
  return (
    <PersonFrame>
      <OwnAccount userId={user.id} />
    </PersonFrame>
  )
}
