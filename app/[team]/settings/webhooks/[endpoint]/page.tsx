import { notFound } from "next/navigation"
import { PageHeader } from "@/components/shell/page-header"
import { BackLink } from "@/components/ui/back-link"
import { DeliveriesCard } from "@/components/webhooks/deliveries-card"
import { EndpointCard } from "@/components/webhooks/endpoint-card"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { getEndpoint } from "@/lib/webhooks/queries"
import {
  redeliverEvent,
  removeEndpoint,
  rotateEndpointSecret,
  saveEndpointTypes,
  sendTestEvent,
  setEndpointEnabled,
} from "../actions"

export const generateMetadata = teamTitle("Webhook endpoint", "webhooks:manage")

type Props = { params: Promise<{ team: string; endpoint: string }> }

export default async function EndpointPage({ params }: Props) {
  const { team: slug, endpoint: publicId } = await params
  const listHref = `/${slug}/settings/webhooks`
  const { team } = await requireMember(slug, "webhooks:manage")
  const { db, now } = pageCtx()
  const endpointId = fromPublicId("whe", publicId)
  const found = endpointId && (await getEndpoint(db, team.id, endpointId))
  if (!found) notFound()
  const { endpoint, bothSignUntil, deliveries } = found
  const isOn = !endpoint.state.startsWith("off_")
  return (
    <>
      <BackLink href={listHref}>Webhooks</BackLink>
      <PageHeader title={new URL(endpoint.url).host} />
      <div className="flex flex-col gap-6">
        <EndpointCard
          actions={{
            saveTypes: saveEndpointTypes.bind(null, slug),
            rotateSecret: rotateEndpointSecret.bind(null, slug),
            setEnabled: setEndpointEnabled.bind(null, slug),
            remove: removeEndpoint.bind(null, slug),
            sendTest: sendTestEvent.bind(null, slug),
          }}
          endpoint={{
            id: publicId,
            url: endpoint.url,
            types: endpoint.types,
            state: endpoint.state,
            createdBy: endpoint.createdBy,
            createdAt: endpoint.createdAt.toISOString(),
            failingSince: endpoint.failingSince?.toISOString() ?? null,
            bothSignUntil: bothSignUntil && bothSignUntil > now ? bothSignUntil.toISOString() : null,
          }}
          listHref={listHref}
          now={await readersNow(now)}
        />
        <DeliveriesCard
          canSend={isOn}
          deliveries={deliveries.map(({ id, createdAt, nextTryAt, tries, ...delivery }) => ({
            ...delivery,
            id: toPublicId("msg", id),
            createdAt: createdAt.toISOString(),
            nextTryAt: nextTryAt.toISOString(),
            tries: tries.map((each) => ({ ...each, triedAt: each.triedAt.toISOString() })),
          }))}
          now={await readersNow(now)}
          redeliver={redeliverEvent.bind(null, slug)}
        />
      </div>
    </>
  )
}
