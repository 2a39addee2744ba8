"use server"

import { redirect } from "next/navigation"
import { z } from "zod"
import { getCurrentUser } from "@/lib/auth/session"
import { TooManyAttemptsError } from "@/lib/errors"
import { createTeam as create } from "@/lib/teams/create-team"
import { ROLE_NAMES } from "@/lib/teams/permissions"
import { listTeamsOf } from "@/lib/teams/queries"
import { teamNameSchema } from "@/lib/teams/schema"
import { pageCtx } from "@/lib/web/page-ctx"
import { personAction } from "@/lib/web/person-action"
import { requestAddress } from "@/lib/web/request-address"
import { requireInput } from "@/lib/web/require-input"
import { requireSameOrigin } from "@/lib/web/require-same-origin"

export async function createTeam(form: FormData): Promise<void> {
  await requireSameOrigin()
  const user = await getCurrentUser()
  if (!user) redirect("/sign-in?next=/teams")
  const name = teamNameSchema.safeParse(requireInput(z.instanceof(FormData), form).get("name"))
  if (!name.success) redirect("/teams?problem=name")
  const address = await requestAddress()
  const made = await create(pageCtx(), {
    name: name.data,
    owner: { userId: user.id, email: user.email },
    address,
  }).catch((error) => {
    if (error instanceof TooManyAttemptsError) return null
    throw error
  })
  if (!made) redirect("/teams?problem=limit")
  redirect(`/${made.slug}/settings/account/billing`)
}

/** For the team switcher, which asks when it is opened, so that no page waits for the balances of other teams. */
export const listOwnTeams = personAction({
  input: z.strictObject({}),
  async run({ db, user }) {
    const teams = await listTeamsOf(db, user.id)
    return teams.map(({ role, ...team }) => ({ ...team, role: ROLE_NAMES[role] }))
  },
})
