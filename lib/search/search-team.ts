import type { Db } from "@/lib/db/client"
import { can } from "@/lib/teams/permissions"
import type { Membership } from "@/lib/teams/queries"
import { type FoundTransaction, findTransactions } from "@/lib/usage/find-transactions"
import {
  type FoundKey,
  type FoundMember,
  type FoundTeam,
  findApiKeys,
  findMembers,
  findOtherTeams,
} from "./queries"
import { MAX_SEARCH_LENGTH, MOST_FOUND, toSearchText } from "./schema"

export type Found = {
  members: FoundMember[]
  keys: FoundKey[]
  transactions: FoundTransaction[]
  teams: FoundTeam[]
}

const NOTHING: Found = { members: [], keys: [], transactions: [], teams: [] }

/**
 * Finds what a person may open in the team, and their other teams. Whatever their role may not see isn't even looked
 * for. Takes any text, and one statement for each kind.
 */
export async function searchTeam(
  { db, now }: { db: Db; now: Date },
  { team, member, user }: Membership & { user: { id: string } },
  typed: string,
): Promise<Found> {
  const text = toSearchText(typed)
  if (text === "" || text.length > MAX_SEARCH_LENGTH) return NOTHING
  const { role } = member
  const [members, keys, transactions, teams] = await Promise.all([
    can(role, "members:manage") ? findMembers(db, team.id, text) : [],
    can(role, "api-keys:manage") ? findApiKeys({ db, now }, team.id, text) : [],
    can(role, "credits:view") ? findTransactions(db, team.id, text) : [],
    findOtherTeams(db, { userId: user.id, teamId: team.id }, text),
  ])
  // As it came about: a purchase, then its refund.
  return { members, keys, transactions: transactions.reverse().slice(0, MOST_FOUND), teams }
}
