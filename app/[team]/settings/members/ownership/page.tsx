import { ConfirmOfferButton } from "@/components/members/confirm-offer-button"
import { HandOverFacts } from "@/components/members/hand-over-step"
import { PageHeader } from "@/components/shell/page-header"
import { BackLink } from "@/components/ui/back-link"
import { Card, CardSection } from "@/components/ui/card"
import { fromPublicId, toPublicId } from "@/lib/ids"
import { getOffer } from "@/lib/members/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { confirmOffer } from "../ownership-actions"

export const generateMetadata = teamTitle("Hand over ownership", "ownership:transfer")

type Query = Partial<Record<"offer" | "token", string | string[]>>
type Props = { params: Promise<{ team: string }>; searchParams: Promise<Query> }

/** The page that the mailed link opens, for the Owner alone. */
export default async function OwnershipPage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const { team } = await requireMember(slug, "ownership:transfer")
  const { offer: asked, token } = await searchParams
  const offer = await getOffer(pageCtx(), team.id)
  const isAsked = offer !== null && typeof asked === "string" && fromPublicId("own", asked) === offer.id
  const members = `/${slug}/settings/members`
  return (
    <>
      <BackLink href={members}>Members</BackLink>
      <PageHeader title="Hand over ownership" />
      <Card>
        <CardSection className="flex flex-col gap-4">
          {isAsked && !offer.isConfirmed ? (
            <>
              <p className="font-medium wrap-anywhere">
                Hand over {team.name} to {offer.to.name}?
              </p>
              <HandOverFacts name={offer.to.name} sharesPool={team.plan === "enterprise"} />
              <ConfirmOfferButton
                confirm={confirmOffer.bind(null, slug, {
                  offerId: toPublicId("own", offer.id),
                  token: typeof token === "string" ? token : "",
                })}
                membersHref={members}
                name={offer.to.name}
              />
            </>
          ) : (
            <p>
              {isAsked
                ? "You’ve confirmed this. It waits to be accepted."
                : "This link no longer works. It lasts an hour, and a newer offer replaces it."}
            </p>
          )}
        </CardSection>
      </Card>
    </>
  )
}
