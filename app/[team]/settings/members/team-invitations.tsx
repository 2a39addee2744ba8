import { DomainsCard } from "@/components/invitations/domains-card"
import { InvitationsCard } from "@/components/invitations/invitations-card"
import { toPublicId } from "@/lib/ids"
import { listDomains } from "@/lib/invitations/domains"
import { domainOf, isPublicMailDomain } from "@/lib/invitations/mail-domains"
import { listOpenInvitations } from "@/lib/invitations/queries"
import { canMail } from "@/lib/mail/send-mail"
import { ROLE_NAMES } from "@/lib/teams/permissions"
import { pageCtx } from "@/lib/web/page-ctx"
import { allowDomain, disallowDomain, resendInvitation, revokeInvitation } from "./invitation-actions"

type Team = { slug: string; teamId: string }

export async function TeamInvitations({ slug, teamId, now }: Team & { now: string }) {
  const ctx = pageCtx()
  const { invitations, hasMore } = await listOpenInvitations(ctx.db, teamId)
  return (
    <InvitationsCard
      actions={{
        resendInvitation: resendInvitation.bind(null, slug),
        revokeInvitation: revokeInvitation.bind(null, slug),
      }}
      canMail={canMail()}
      hasMore={hasMore}
      invitations={invitations.map(({ id, role, sentAt, expiresAt, ...invitation }) => ({
        ...invitation,
        id: toPublicId("inv", id),
        role: ROLE_NAMES[role],
        sentAt: sentAt.toISOString(),
        expiresAt: expiresAt.toISOString(),
        hasExpired: expiresAt <= ctx.now,
      }))}
      now={now}
    />
  )
}

export async function TeamDomains({ slug, teamId, email }: Team & { email: string }) {
  const domain = domainOf(email)
  const domains = await listDomains(pageCtx().db, teamId)
  if (!domain) return null
  return (
    <DomainsCard
      actions={{
        allowDomain: allowDomain.bind(null, slug),
        disallowDomain: disallowDomain.bind(null, slug),
      }}
      domains={domains}
      own={{ domain, isPublic: isPublicMailDomain(domain) }}
    />
  )
}
