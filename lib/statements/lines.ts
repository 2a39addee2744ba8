import { unitsOf } from "@/lib/catalog/in-words"
import { formatUsd } from "@/lib/money/usd"
import {
  type Balance,
  isIdle,
  MOVEMENTS,
  type Statement,
  type StatementPool,
  sumBalances,
  type UsedLine,
} from "./statement"

const LABELS: Record<(typeof MOVEMENTS)[number], string> = {
  purchase: "Bought",
  auto_top_up: "Topped up",
  included_grant: "Included by the plan",
  promotion: "Given",
  consumption: "Used",
  consumption_reversal: "Corrected",
  refund: "Refunded",
  dispute: "Disputed",
  dispute_reversal: "Won back",
  expiry: "Expired",
  transfer: "Transferred",
  adjustment: "Adjusted",
}

/** A line of a pool's month. Both amounts have their sign; opening and closing are balances. */
export type BalanceLine = {
  label: string
  isBalance: boolean
  creditsNanos: bigint
  includedNanos: bigint
}

/** Returns the lines from the opening to the closing balance. Kinds of which nothing moved are left out. */
export function balanceLines({
  credits,
  included,
}: Pick<StatementPool, "credits" | "included">): BalanceLine[] {
  const line = (label: string, read: (balance: Balance) => bigint, isBalance = false): BalanceLine => ({
    ...{ label, isBalance },
    creditsNanos: read(credits),
    includedNanos: read(included),
  })
  const moved = MOVEMENTS.map((kind) => line(LABELS[kind], (balance) => balance.moved[kind]))
  return [
    line("Opening balance", ({ openingNanos }) => openingNanos, true),
    ...moved.filter(({ creditsNanos, includedNanos }) => creditsNanos !== 0n || includedNanos !== 0n),
    line("Closing balance", ({ closingNanos }) => closingNanos, true),
  ]
}

/** The pools with anything to say. */
export const shownPools = ({ pools }: Pick<Statement, "pools">) =>
  pools.filter((pool) => !isIdle(pool) || pool.used.length > 0)

export const poolTitle = ({ holderName }: Pick<StatementPool, "holderName">) => holderName ?? "Team pool"

/** The name of whoever used something. */
export const userTitle = ({ memberName }: Pick<UsedLine, "memberName">) => memberName ?? "No member"

/** Usage that belongs together: of a consumable, or of a member. */
export type UsedGroup = Pick<UsedLine, "records" | "includedNanos" | "creditsNanos"> & {
  title: string
  /** In units, with those that an allowance covered. Null where there are several units. */
  quantity: string | null
  allowance: string | null
}

export function usedByConsumable(lines: UsedLine[]): UsedGroup[] {
  return groupsOf(
    lines,
    ({ consumable, decimals }) => `${consumable} ${decimals}`,
    ({ consumableName }) => consumableName,
  )
}

/** A page or a document of more would be of no use to anybody, and take long to make. The CSV has everything. */
export const MAX_POOLS = 50
const MAX_MEMBERS = 200

/** The dearest members; the rest are one line, so that they still add up. Two people may have one name. */
export function usedByMember(lines: UsedLine[]): UsedGroup[] {
  const groups = groupsOf(lines, ({ memberId }) => memberId ?? "", userTitle)
  if (groups.length <= MAX_MEMBERS) return groups
  const others = groups.slice(MAX_MEMBERS - 1)
  const sum = (read: (group: UsedGroup) => bigint) => others.reduce((total, group) => total + read(group), 0n)
  return [
    ...groups.slice(0, MAX_MEMBERS - 1),
    {
      ...{ title: `${others.length.toLocaleString("en-US")} others`, quantity: null, allowance: null },
      records: sum(({ records }) => records),
      includedNanos: sum(({ includedNanos }) => includedNanos),
      creditsNanos: sum(({ creditsNanos }) => creditsNanos),
    },
  ]
}

/** Says how many pools are only in the CSV. Null when none are. */
export function poolsLeftInWords(pools: StatementPool[]): string | null {
  const left = pools.length - MAX_POOLS
  if (left <= 0) return null
  return `${left.toLocaleString("en-US")} more ${left === 1 ? "pool is" : "pools are"} in the CSV.`
}

function groupsOf(
  lines: UsedLine[],
  keyOf: (line: UsedLine) => string,
  titleOf: (line: UsedLine) => string,
): UsedGroup[] {
  const groups = new Map<string, UsedLine[]>()
  for (const line of lines) groups.set(keyOf(line), [...(groups.get(keyOf(line)) ?? []), line])
  const summed = [...groups.values()].flatMap((group) => {
    const [first] = group
    if (!first) return []
    const sum = (read: (line: UsedLine) => bigint) => group.reduce((total, line) => total + read(line), 0n)
    const hasOneUnit = group.every(
      (line) => line.consumable === first.consumable && line.decimals === first.decimals,
    )
    const units = (quantity: bigint) => (hasOneUnit ? unitsOf(quantity, first) : null)
    return {
      title: titleOf(first),
      records: sum(({ records }) => records),
      quantity: units(sum(({ quantity }) => quantity)),
      allowance: units(sum(({ allowanceQuantity }) => allowanceQuantity)),
      includedNanos: sum(({ includedNanos }) => includedNanos),
      creditsNanos: sum(({ creditsNanos }) => creditsNanos),
    }
  })
  // The dearest first, also where several pools have been put together.
  return summed.sort((a, b) => (costOf(a) === costOf(b) ? 0 : costOf(a) > costOf(b) ? -1 : 1))
}

const costOf = ({ includedNanos, creditsNanos }: UsedGroup) => includedNanos + creditsNanos

const PAYMENT_TITLES: Record<string, string> = {
  purchase: "Purchase",
  auto_top_up: "Auto top-up",
  refund: "Refund",
  dispute: "Dispute",
  dispute_reversal: "Won back",
}

export const paymentTitle = (kind: string) => PAYMENT_TITLES[kind] ?? kind

/** The members of a pool's usage. None where it is its holder's alone, which its title says already. */
export function membersOf({ holderName, used }: Pick<StatementPool, "holderName" | "used">): UsedGroup[] {
  const groups = usedByMember(used)
  const [only, ...others] = groups
  return others.length === 0 && only?.title === holderName ? [] : groups
}

/** Returns the whole of several pools: their balances added up, and all that was used from them. */
export function sumPools(pools: StatementPool[]): Pick<StatementPool, "credits" | "included" | "used"> {
  return {
    credits: sumBalances(pools.map(({ credits }) => credits)),
    included: sumBalances(pools.map(({ included }) => included)),
    used: pools.flatMap(({ used }) => used),
  }
}

/** An amount with all its digits, so that a column adds up for whoever does it by hand. */
export const exactUsd = (nanos: bigint) => formatUsd(nanos, { precision: "exact" })
