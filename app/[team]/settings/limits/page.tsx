import type { LimitEntry } from "@/components/limits/limit-types"
import { LimitsCard } from "@/components/limits/limits-card"
import { ProtectionCard } from "@/components/limits/protection-card"
import { PageHeader } from "@/components/shell/page-header"
import { Notice } from "@/components/ui/notice"
import { toPublicId } from "@/lib/ids"
import { LIMITS_SHOWN, type LimitRow, listLimits } from "@/lib/limits/queries"
import { listBillingPeople } from "@/lib/teams/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { requireMember } from "@/lib/web/require-member"
import { teamTitle } from "@/lib/web/team-title"
import { removeLimit, saveLimit, saveProtection } from "./actions"

export const generateMetadata = teamTitle("Limits", "limits:manage")

type Props = { params: Promise<{ team: string }> }

export default async function LimitsPage({ params }: Props) {
  const { team: slug } = await params
  const { team, member } = await requireMember(slug, "limits:manage")
  const ctx = pageCtx()
  const [limits, [owner]] = await Promise.all([listLimits(ctx, team.id), listBillingPeople(ctx.db, team.id)])
  const actions = { saveLimit: saveLimit.bind(null, slug), removeLimit: removeLimit.bind(null, slug) }
  const freeKeys = limits.freeKeys.map((key) => ({ ...key, id: toPublicId("key", key.id) }))
  const toEntry = (row: LimitRow): LimitEntry => ({
    id: toPublicId("lim", row.id),
    subjectId: toPublicId(row.role === null ? "key" : "member", row.subjectId),
    name: row.name,
    detail: row.detail,
    amountNanos: row.amountNanos,
    usedNanos: row.spentNanos + row.heldNanos,
    refuses: row.isHard,
    locked: row.role === "OWNER" && member.role !== "OWNER" ? "Set by an Owner" : null,
  })
  const used = (limit: { amountNanos: bigint; spentNanos: bigint; heldNanos: bigint } | null) =>
    limit && { amountNanos: limit.amountNanos, usedNanos: limit.spentNanos + limit.heldNanos }
  return (
    <>
      <PageHeader
        description="What members and keys may spend in a calendar month (UTC)."
        title="Limits"
        trail={["Settings", "Team"]}
      />
      <div className="flex flex-col gap-4">
        {team.plan !== "enterprise" && (
          <ProtectionCard
            ownerName={owner?.name ?? "the Owner"}
            protection={{ limit: used(limits.owner), reserveNanos: limits.reserveNanos }}
            saveProtection={saveProtection.bind(null, slug)}
          />
        )}
        {limits.hasMore && <Notice>The first {LIMITS_SHOWN} limits are shown.</Notice>}
        <LimitsCard
          actions={actions}
          freeKeys={freeKeys}
          kind="member"
          limits={limits.members.map(toEntry)}
        />
        <LimitsCard actions={actions} freeKeys={freeKeys} kind="api_key" limits={limits.keys.map(toEntry)} />
      </div>
    </>
  )
}
