"use client"

import type { DomainActions } from "@/components/invitations/invitation-types"
import { ActionButton } from "@/components/ui/action-button"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { ConfirmButton } from "@/components/ui/confirm-button"

type DomainsCardProps = {
  /** The allowed ones. */
  domains: string[]
  /** The Owner’s own domain. `isPublic`: anybody can get an address there. */
  own: { domain: string; isPublic: boolean }
  actions: DomainActions
}

const UNREACHABLE = "No answer came, so it may have been done. Check your connection, then look again."

export function DomainsCard({ domains, own, actions }: DomainsCardProps) {
  const canAllow = !own.isPublic && !domains.includes(own.domain)
  return (
    <Card labelledBy="domains">
      <CardHeader>
        <CardTitle id="domains">Joining without an invitation</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col gap-4 pt-2">
        <p className="text-caption text-pretty text-muted">
          Whoever signs in with an address at an allowed domain may join the team as a Member.
          {own.isPublic && ` Anybody can get an address at ${own.domain}, so it can’t be allowed.`}
        </p>
        {domains.length > 0 && (
          <ul className="divide-y divide-border border-y border-border">
            {domains.map((domain) => (
              <li className="flex items-center justify-between gap-4 py-3" key={domain}>
                <span className="min-w-0 font-medium wrap-anywhere">@{domain}</span>
                <ConfirmButton
                  aria-label={`Stop letting in @${domain}`}
                  confirm={() => actions.disallowDomain({ domain })}
                  confirmLabel="Stop"
                  done={`@${domain} is no longer allowed.`}
                  label="Stop"
                  title={`Stop letting in @${domain}?`}
                  unreachable={UNREACHABLE}
                  variant="ghost"
                >
                  <p>New people need an invitation. Who has joined stays in the team.</p>
                </ConfirmButton>
              </li>
            ))}
          </ul>
        )}
        {canAllow && (
          <div>
            <ActionButton
              done={`Everybody with an address at ${own.domain} may join now.`}
              problemClassName="mt-2"
              run={() => actions.allowDomain({ domain: own.domain })}
              size="small"
              unreachable={UNREACHABLE}
            >
              Allow @{own.domain}
            </ActionButton>
          </div>
        )}
      </CardSection>
    </Card>
  )
}
