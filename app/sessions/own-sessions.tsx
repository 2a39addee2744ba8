import { SessionsCard } from "@/components/sessions/sessions-card"
import { SignOutEverywhereButton } from "@/components/sessions/sign-out-everywhere-button"
import { PageHeader } from "@/components/shell/page-header"
import { listSessions } from "@/lib/auth/list-sessions"
import { readTokenHash } from "@/lib/auth/session"
import { toPublicId } from "@/lib/ids"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { endSession, signOutEverywhere } from "./actions"

/** The sessions of one person, for a page in the shell of a team and for the page without one. */
export async function OwnSessions({ userId, trail }: { userId: string; trail?: string[] }) {
  const ctx = pageCtx()
  const { sessions, hasMore } = await listSessions(ctx, { userId, tokenHash: await readTokenHash() })
  return (
    <>
      <PageHeader
        action={<SignOutEverywhereButton signOutEverywhere={signOutEverywhere} />}
        description="Where you’re signed in."
        title="Sessions"
        trail={trail}
      />
      <SessionsCard
        endSession={endSession}
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
