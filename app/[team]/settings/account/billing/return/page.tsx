import { notFound, redirect } from "next/navigation"
import { Message } from "@/components/ui/message-page"
import { UnavailableError } from "@/lib/errors"
import { toPublicId } from "@/lib/ids"
import { getPurchaseOfSession } from "@/lib/purchases/queries"
import { settlePurchase } from "@/lib/purchases/settle-purchase"
import { mayAskStripe } from "@/lib/web/may-ask-stripe"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"

export const generateMetadata = teamTitle("Payment", "credits:purchase")

type Props = { params: Promise<{ team: string }>; searchParams: Promise<{ session_id?: string | string[] }> }

/** Stripe sends people here whose payment method left the page. A repeated visit changes nothing. */
export default async function ReturnPage({ params, searchParams }: Props) {
  const { team: slug } = await params
  const { session_id: sessionId } = await searchParams
  const billing = `/${slug}/settings/account/billing`
  const viewer = await requireMember(slug, "credits:purchase")
  const { team } = viewer
  const ctx = pageCtx()
  const known = typeof sessionId === "string" ? await getPurchaseOfSession(ctx.db, team.id, sessionId) : null
  if (!known) notFound()

  const settle = () =>
    settlePurchase(ctx, { teamId: team.id, purchaseId: known.id }).catch((error) => {
      if (error instanceof UnavailableError) return null
      throw error
    })
  const purchase = (await mayAskStripe(viewer)) ? await settle() : null
  const back = { href: `${billing}?pool=${toPublicId("pool", known.poolId)}`, label: "Back to billing" }
  if (purchase?.status === "succeeded" || purchase?.status === "processing") redirect(back.href)
  if (purchase === null)
    return (
      <Message link={back} title="We can’t see your payment yet">
        We can’t read it from Stripe right now. If you paid, your credits appear on the billing page by
        themselves.
      </Message>
    )
  if (purchase.status === "open" || purchase.status === "created")
    return (
      <Message link={back} title="This payment was not completed">
        Nothing was charged. You can start again from the billing page.
      </Message>
    )
  return (
    <Message link={back} title="This checkout has ended">
      Nothing was charged. You can start again from the billing page.
    </Message>
  )
}
