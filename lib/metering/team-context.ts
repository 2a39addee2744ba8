import type { ApiKeyScope } from "@/lib/api-keys/scopes"
import { CATALOG } from "@/lib/catalog/catalog"
import type { Plan, Role } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { ensureMeter, type Meter, type MeterTerms, meterName } from "./meters"

/**
 * The facts about a team that metering needs, kept in memory. They are true for one version of the team. Every spend
 * names that version and the database compares it, so outdated memory is noticed before anything is written.
 */
export type TeamContext = {
  teamId: string
  slug: string
  name: string
  version: bigint
  plan: Plan
  lowBalanceThresholdNanos: bigint
  /** For pools with auto top-up on: its threshold, its amount, and whether the monthly cap stopped it last. */
  topUps: Map<string, { thresholdNanos: bigint; amountNanos: bigint; isCapped: boolean }>
  /** The ids of limits: by member, by key, and of the Owner's protection (lib/metering/team-limits). */
  limitIds: Map<string, string>
  /** The credits that usage which no person started leaves in the Owner's pool. */
  ownerReserveNanos: bigint
  /** By the hash of their text, without revoked ones. Secrets that a roll replaced lately are there too. */
  keys: Map<string, TeamContextKey>
  members: Map<string, TeamContextMember>
  memberIdsByEmail: Map<string, string>
  /** The pool that an Enterprise team shares. */
  sharedPoolId: string | null
  ownerMemberId: string | null
  meters: Map<string, Meter>
}

export type TeamContextKey = {
  id: string
  scopes: readonly ApiKeyScope[]
  /** When its secret stops working. This never becomes later. Null: it has no end. */
  endsAt: Date | null
  isReplaced: boolean
}

export type TeamContextMember = { id: string; name: string; role: Role; poolId: string | null }

const READ_VERSION: Statement = {
  name: "team_context_version",
  text: "SELECT metering_version FROM teams WHERE id = $1::uuid AND deleted_at IS NULL",
}

const READ_CONTEXT: Statement = {
  name: "team_context",
  text: `SELECT t.slug, t.name, t.metering_version, t.plan, t.low_balance_threshold_nanos, t.owner_reserve_nanos,
    (SELECT json_agg(json_build_array(coalesce(l.member_id::text, l.api_key_id::text, l.kind), l.id)) FROM spend_limits l
      WHERE l.team_id = t.id) AS limits,
    (SELECT json_agg(json_build_array(k.key_hash, k.id, k.scopes, k.expires_at, false)) FROM api_keys k
      WHERE k.team_id = t.id AND k.revoked_at IS NULL) AS keys,
    (SELECT json_agg(json_build_array(s.key_hash, k.id, k.scopes, s.works_until, true)) FROM api_key_former_secrets s
      JOIN api_keys k ON k.team_id = s.team_id AND k.id = s.api_key_id
      WHERE s.team_id = t.id AND k.revoked_at IS NULL AND s.works_until > now() - interval '30 days') AS replaced_keys,
    (SELECT json_agg(json_build_array(m.id, u.name, u.email, m.role, p.id)) FROM members m
      JOIN users u ON u.id = m.user_id LEFT JOIN pools p ON p.team_id = m.team_id AND p.member_id = m.id
      WHERE m.team_id = t.id AND m.removed_at IS NULL) AS members,
    (SELECT json_agg(json_build_array(s.pool_id, s.threshold_nanos::text, s.amount_nanos::text, (
        SELECT d.reason = 'cap_reached' FROM auto_top_up_decisions d
        WHERE d.team_id = s.team_id AND d.pool_id = s.pool_id ORDER BY d.decided_at DESC, d.id DESC LIMIT 1
      ))) FROM auto_top_up_settings s WHERE s.team_id = t.id AND s.enabled) AS top_ups,
    (SELECT p.id FROM pools p WHERE p.team_id = t.id AND p.member_id IS NULL) AS shared_pool_id
    FROM teams t WHERE t.id = $1::uuid AND t.deleted_at IS NULL`,
}

type KeyRow = [hash: string, id: string, scopes: ApiKeyScope[], endsAt: string | null, isReplaced: boolean]

type Row = {
  slug: string
  name: string
  metering_version: bigint | string
  plan: Plan
  low_balance_threshold_nanos: bigint | string
  owner_reserve_nanos: bigint | string
  limits: [subject: string, id: string][] | null
  keys: KeyRow[] | null
  /** Those that have ended within 30 days, whose holders are told so, and those that still work. */
  replaced_keys: KeyRow[] | null
  members: [id: string, name: string | null, email: string, role: Role, poolId: string | null][] | null
  top_ups: [poolId: string, thresholdNanos: string, amountNanos: string, isCapped: boolean | null][] | null
  shared_pool_id: string | null
}

// Names stand in problem documents, which others read. An email address is nobody else's business.
const WITHOUT_NAME: Record<Role, string> = { OWNER: "Owner", ADMIN: "Admin", MEMBER: "Member" }

/** Returns the present team. Null if there is none. */
export async function readTeamContext(query: Query, teamId: string): Promise<TeamContext | null> {
  const [row] = await query<Row>(READ_CONTEXT, [teamId])
  if (!row) return null
  const members = row.members ?? []
  return {
    teamId,
    slug: row.slug,
    name: row.name,
    version: BigInt(row.metering_version),
    plan: row.plan,
    lowBalanceThresholdNanos: BigInt(row.low_balance_threshold_nanos),
    topUps: new Map(
      (row.top_ups ?? []).map(([poolId, threshold, amount, isCapped]) => [
        poolId,
        { thresholdNanos: BigInt(threshold), amountNanos: BigInt(amount), isCapped: isCapped === true },
      ]),
    ),
    limitIds: new Map(row.limits ?? []),
    ownerReserveNanos: BigInt(row.owner_reserve_nanos),
    keys: new Map(
      [...(row.keys ?? []), ...(row.replaced_keys ?? [])].map(([hash, id, scopes, endsAt, isReplaced]) => [
        hash,
        { id, scopes, endsAt: endsAt === null ? null : new Date(endsAt), isReplaced },
      ]),
    ),
    members: new Map(
      members.map(([id, name, , role, poolId]) => [
        id,
        { id, name: name || WITHOUT_NAME[role], role, poolId },
      ]),
    ),
    memberIdsByEmail: new Map(members.map(([id, , email]) => [email, id])),
    sharedPoolId: row.shared_pool_id,
    ownerMemberId: members.find(([, , , role]) => role === "OWNER")?.[0] ?? null,
    meters: new Map(),
  }
}

/** Returns the team's present version. Null if there is no such team. */
export async function readTeamVersion(query: Query, teamId: string): Promise<bigint | null> {
  const [row] = await query<{ metering_version: bigint | string }>(READ_VERSION, [teamId])
  return row ? BigInt(row.metering_version) : null
}

/** Returns the meter of these terms at the plan's present rate. */
export async function meterOf(query: Query, team: TeamContext, terms: MeterTerms): Promise<Meter> {
  const name = nameOf(team, terms)
  const known = team.meters.get(name)
  if (known) return known
  const meter = await ensureMeter(query, team, terms)
  team.meters.set(name, meter)
  return meter
}

/** The same, if it was requested before. */
export function knownMeterOf(team: TeamContext, terms: MeterTerms): Meter | undefined {
  return team.meters.get(nameOf(team, terms))
}

function nameOf(team: TeamContext, terms: MeterTerms): string {
  const { rateNanos } = CATALOG.plans[team.plan].terms[terms.consumable]
  return meterName(terms, rateNanos, CATALOG.consumables[terms.consumable].decimals)
}

/**
 * Returns the balance at or below which a pool is low: the threshold of its auto top-up while that is on, else the
 * team's own.
 */
export function lowThresholdOf(team: TeamContext, poolId: string): bigint {
  return team.topUps.get(poolId)?.thresholdNanos ?? team.lowBalanceThresholdNanos
}

/** Returns a pool's name: its holder's, or the team's for the one that all share. */
export function poolName(team: TeamContext, poolId: string): string {
  if (poolId === team.sharedPoolId) return team.name
  for (const { name, poolId: own } of team.members.values()) if (own === poolId) return name
  return "Former member"
}
