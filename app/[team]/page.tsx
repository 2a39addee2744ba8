import { redirect } from "next/navigation"
import { requireMember } from "@/lib/web/require-member"

type Props = { params: Promise<{ team: string }> }

export default async function TeamPage({ params }: Props) {
  const { team } = await params
  await requireMember(team, "own-balance:view")
  redirect(`/${team}/settings/account/billing`)
}
