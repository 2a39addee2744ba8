import { OfferNotice } from "@/components/members/offer-notice"
import { getOffer } from "@/lib/members/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { withdrawOffer } from "./ownership-actions"

/** The Owner's open offer. Renders nothing if there is none. */
export async function OpenOffer({ slug, teamId, now }: { slug: string; teamId: string; now: string }) {
  const offer = await getOffer(pageCtx(), teamId)
  if (!offer) return null
  const { to, isConfirmed, expiresAt } = offer
  return (
    <OfferNotice
      expiresAt={expiresAt.toISOString()}
      isConfirmed={isConfirmed}
      name={to.name}
      now={now}
      withdraw={withdrawOffer.bind(null, slug)}
    />
  )
}
