import { Badge } from "@/components/ui/badge"
import { Card } from "@/components/ui/card"
import { EmptyState } from "@/components/ui/empty-state"
import { Icon } from "@/components/ui/icon"
import { Link } from "@/components/ui/link"
import { NOTIFICATION_TYPES } from "@/lib/notifications/types"
import { byWhom, type EndpointEntry, STATE_WORDS } from "./webhook-types"

type EndpointsCardProps = { endpoints: (EndpointEntry & { href: string })[] }

export function EndpointsCard({ endpoints }: EndpointsCardProps) {
  return (
    <Card>
      {endpoints.length === 0 ? (
        <EmptyState title="No endpoints yet">
          Add one to have your own systems told when a balance runs low, a payment fails or credits are added.
        </EmptyState>
      ) : (
        <ul className="divide-y divide-border">
          {endpoints.map(({ id, url, types, state, createdBy, href }) => (
            <li key={id}>
              <Link
                className="flex items-center gap-4 px-5 py-4 transition-colors duration-100 hover:bg-sunken sm:px-6"
                href={href}
              >
                <span className="min-w-0 flex-1">
                  <span className="block font-medium wrap-anywhere">{url}</span>
                  <span className="block text-caption text-muted">
                    {types.length === NOTIFICATION_TYPES.length
                      ? "All events"
                      : `${types.length} of ${NOTIFICATION_TYPES.length} events`}
                    {createdBy && <span className="wrap-anywhere">, created {byWhom(createdBy)}</span>}
                  </span>
                </span>
                <Badge tone={STATE_WORDS[state].tone}>{STATE_WORDS[state].word}</Badge>
                <Icon className="text-muted" name="forward" />
              </Link>
            </li>
          ))}
        </ul>
      )}
    </Card>
  )
}
