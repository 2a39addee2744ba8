import { MoveCreditsButton } from "@/components/credit-requests/move-credits-button"
import { toPublicId } from "@/lib/ids"
import { NANOS_PER_CENT } from "@/lib/money/usd"
import type { Pool } from "@/lib/pools/queries"
import { can } from "@/lib/teams/permissions"
import type { Viewer } from "@/lib/web/require-member"
import { moveCredits } from "./credit-request-actions"

/** Above this, a list would be too long to choose from, and the Owner enters an address. */
const MOST_TARGETS = 200

type Props = { viewer: Viewer; pool: Pool; pools: Pool[]; movableNanos: bigint }

/** For the Owner, where a pool has bought credits that can go to another. */
export function MoveCredits({ viewer: { team, member }, pool, pools, movableNanos }: Props) {
  const targets = pools.filter((each) => each.id !== pool.id && isUsed(each, team.plan === "enterprise"))
  const isPossible = movableNanos >= NANOS_PER_CENT && targets.length > 0
  if (!can(member.role, "credits:transfer") || !isPossible) return null
  const id = toPublicId("pool", pool.id)
  return (
    <MoveCreditsButton
      from={{ id, name: nameOf(pool), balanceNanos: pool.balanceNanos, movableNanos }}
      key={id}
      moveCredits={moveCredits.bind(null, team.slug)}
      targets={
        targets.length > MOST_TARGETS
          ? null
          : targets.map((each) => ({
              id: toPublicId("pool", each.id),
              name: nameOf(each),
              balanceNanos: each.balanceNanos,
            }))
      }
    />
  )
}

/** On Enterprise everybody draws from the team's pool, on other plans from their own. */
const isUsed = ({ holder }: Pool, sharesPool: boolean) =>
  holder === null ? sharesPool : !sharesPool && !holder.hasLeft

const nameOf = ({ holder }: Pool) => holder?.name ?? "Team"
