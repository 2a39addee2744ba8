import type { Metadata } from "next"
import { redirect } from "next/navigation"
import { TeamChooser } from "@/components/teams/team-chooser"
import { getCurrentUser } from "@/lib/auth/session"
import { toPublicId } from "@/lib/ids"
import { listJoinableTeams } from "@/lib/invitations/domains"
import { ROLE_NAMES } from "@/lib/teams/permissions"
import { listTeamsOf } from "@/lib/teams/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { signOut } from "../(auth)/sign-in/actions"
import { joinByDomain } from "../invitation/actions"
import { createTeam } from "./actions"

export const metadata: Metadata = { title: "Teams" }

const PROBLEMS = new Map([
  ["name", "Enter a name of 1 to 60 characters."],
  ["limit", "You’ve made many teams today. Try again tomorrow."],
])

type Props = { searchParams: Promise<{ problem?: string | string[] }> }

export default async function TeamsPage({ searchParams }: Props) {
  const user = await getCurrentUser()
  if (!user) redirect("/sign-in?next=/teams")
  const teams = await listTeamsOf(pageCtx().db, user.id)
  const joinable = await listJoinableTeams(pageCtx().db, user)
  const { problem } = await searchParams
  return (
    <TeamChooser
      createTeam={createTeam}
      joinable={joinable.map(({ id, name }) => {
        const teamId = toPublicId("team", id)
        return { id: teamId, name, join: joinByDomain.bind(null, { teamId }) }
      })}
      nameError={typeof problem === "string" ? (PROBLEMS.get(problem) ?? null) : null}
      profileHref="/account"
      sessionsHref="/sessions"
      signOut={signOut}
      teams={teams.map(({ slug, name, role, balanceNanos }) => ({
        href: `/${slug}/settings/account/billing`,
        name,
        balanceNanos,
        role: ROLE_NAMES[role],
      }))}
      userName={user.name}
    />
  )
}
