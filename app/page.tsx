import { redirect } from "next/navigation"
import { getCurrentUser } from "@/lib/auth/session"
import { listTeamsOf } from "@/lib/teams/queries"
import { pageCtx } from "@/lib/web/page-ctx"

/** Leads to the person's team, or to a choice between several. */
export default async function HomePage() {
  const user = await getCurrentUser()
  if (!user) redirect("/sign-in")
  const [only, ...others] = await listTeamsOf(pageCtx().db, user.id)
  redirect(only && others.length === 0 ? `/${only.slug}/settings/account/billing` : "/teams")
}
