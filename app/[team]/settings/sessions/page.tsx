import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { OwnSessions } from "../../../sessions/own-sessions"

export const generateMetadata = teamTitle("Sessions", "own-sessions:manage")

type Props = { params: Promise<{ team: string }> }

export default async function SessionsPage({ params }: Props) {
  const { team: slug } = await params
  const { user } = await requireMember(slug, "own-sessions:manage")
  return <OwnSessions trail={["Settings", "Account"]} userId={user.id} />
}
