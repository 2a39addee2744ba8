import type { Db, Tx } from "@/lib/db/client"

/** Addresses of our own pages, those that we may want, and names under which somebody could pass for us. */
const RESERVED_SLUGS = new Set(
  `about abuse account accounts admin administrator api app assets auth billing blog callback cdn checkout contact credits
  customers dashboard demo docs download email embed enterprise events faq favicon help home icon invitation
  invitations invoice invoices legal
  login logout mail me metrics news null oauth official operator ops outbox owner payment payments plans pricing privacy
  profile public reference register robots root security session sessions settings sign-in sign-out sign-up signin signout signup
  sitemap staff static status stripe support system team teams terms test undefined unsubscribe user users verify webhook
  webhooks www`.split(/\s+/),
)

/** Whether a team may not have this address. */
export function isReservedSlug(slug: string): boolean {
  return RESERVED_SLUGS.has(slug)
}

/** Whether another team has the address, or had it: its old links lead there for ever. */
export async function isSlugTaken(db: Db | Tx, slug: string, teamId?: string): Promise<boolean> {
  const others = teamId === undefined ? {} : { not: teamId }
  const [present, former] = [
    await db.team.count({ where: { slug, ...(teamId === undefined ? {} : { id: others }) } }),
    await db.formerSlug.count({ where: { slug, ...(teamId === undefined ? {} : { teamId: others }) } }),
  ]
  return present + former > 0
}
