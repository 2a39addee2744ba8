import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { OwnAccount } from "../../../account/own-account"

export const generateMetadata = teamTitle("Profile", "own-account:manage")

type Props = { params: Promise<{ team: string }> }

export default async function ProfilePage({ params }: Props) {
  const { team: slug } = await params
  const { user } = await requireMember(slug, "own-account:manage")
  return <OwnAccount trail={["Settings", "Account"]} userId={user.id} />
}
