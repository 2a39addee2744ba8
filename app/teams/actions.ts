"use server"

import { redirect } from "next/navigation"
import { getCurrentUser } from "@/lib/auth/session"
import { createTeam as create } from "@/lib/teams/create-team"
import { teamNameSchema } from "@/lib/teams/schema"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireSameOrigin } from "@/lib/web/require-same-origin"

export async function createTeam(form: FormData): Promise<void> {
  await requireSameOrigin()
  const user = await getCurrentUser()
  if (!user) redirect("/sign-in?next=/teams")
  const name = teamNameSchema.safeParse(form.get("name"))
  if (!name.success) redirect("/teams?problem=name")
  const { slug } = await create(pageCtx(), { name: name.data, ownerUserId: user.id })
  redirect(`/${slug}/settings/account/billing`)
}
