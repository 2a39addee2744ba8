import { SessionsCard } from "@/components/sessions/sessions-card"
import { SignOutEverywhereButton } from "@/components/sessions/sign-out-everywhere-button"
import { PageHeader } from "@/components/shell/page-header"
import { listSessions } from "@/lib/auth/list-sessions"
import { readTokenHash } from "@/lib/auth/session"
import { toPublicId } from "@/lib/ids"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { endSession, signOutEverywhere } from "./actions"

export const generateMetadata = teamTitle("Sessions", "own-sessions:manage")

type Props = { params: Promise<{ team: string }> }

export default async function SessionsPage({ params }: Props) {
  const { team: slug } = await params
  const { user } = await requireMember(slug, "own-sessions:manage")
  const ctx = pageCtx()
  const { sessions, hasMore } = await listSessions(ctx, { userId: user.id, tokenHash: await readTokenHash() })
  return (
    <>
      <PageHeader
        action={<SignOutEverywhereButton signOutEverywhere={signOutEverywhere.bind(null, slug)} />}
        description="Where you’re signed in."
        title="Sessions"
        trail={["Settings", "Account"]}
      />
      <SessionsCard
        endSession={endSession.bind(null, slug)}
        hasMore={hasMore}
        now={await readersNow(ctx.now)}
        sessions={sessions.map((session) => ({
          ...session,
          id: toPublicId("ses", session.id),
          signedInAt: session.signedInAt.toISOString(),
          lastUsedAt: session.lastUsedAt.toISOString(),
        }))}
      />
    </>
  )
}
