import { PageHeader } from "@/components/shell/page-header"
import { LeftBehindNotice } from "@/components/ui/left-behind-notice"
import { Link } from "@/components/ui/link"
import { Notice } from "@/components/ui/notice"
import { AddEndpointButton } from "@/components/webhooks/add-endpoint-button"
import { EndpointsCard } from "@/components/webhooks/endpoints-card"
import { toPublicId } from "@/lib/ids"
import { WEBHOOKS } from "@/lib/reference/pages"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { listEndpoints } from "@/lib/webhooks/queries"
import { MAX_ENDPOINTS } from "@/lib/webhooks/schema"
import { createEndpoint } from "./actions"

export const generateMetadata = teamTitle("Webhooks", "webhooks:manage")

type Props = { params: Promise<{ team: string }> }

export default async function WebhooksPage({ params }: Props) {
  const { team: slug } = await params
  const { team } = await requireMember(slug, "webhooks:manage")
  const endpoints = await listEndpoints(pageCtx().db, team.id)
  const isFull = endpoints.length >= MAX_ENDPOINTS
  return (
    <>
      <PageHeader
        action={<AddEndpointButton createEndpoint={createEndpoint.bind(null, slug)} disabled={isFull} />}
        description={
          <>
            Send billing events to your servers, signed.{" "}
            <Link className="text-accent underline underline-offset-4" href={WEBHOOKS.href}>
              How to verify and answer them
            </Link>
          </>
        }
        title="Webhooks"
        trail={["Settings", "Team"]}
      />
      <div className="flex flex-col gap-4">
        {isFull && <Notice>Your team has {MAX_ENDPOINTS} endpoints, which is the limit.</Notice>}
        <LeftBehindNotice
          names={endpoints
            .filter(({ createdBy, state }) => createdBy?.hasLeft && !state.startsWith("off_"))
            .map(({ url }) => new URL(url).host)}
        >
          They still receive events. Remove those you don’t know.
        </LeftBehindNotice>
        <EndpointsCard
          endpoints={endpoints.map(({ id, url, types, state, createdBy }) => ({
            id: toPublicId("whe", id),
            url,
            types,
            state,
            createdBy,
            href: `/${slug}/settings/webhooks/${toPublicId("whe", id)}`,
          }))}
        />
      </div>
    </>
  )
}
