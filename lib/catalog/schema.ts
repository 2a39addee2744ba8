import { z } from "zod"
import { Plan } from "@/lib/db/generated/enums"
import { MAX_NANOS, NANOS_PER_CENT, NANOS_PER_USD } from "@/lib/money/usd"

// In a browser zod would compile schemas with `new Function`, which our content policy refuses and reports.
if ("document" in globalThis) z.config({ jitless: true })

/** The kinds of usage that are metered. */
export const CONSUMABLE_CODES = [
  "llm_tokens",
  "agent_compute",
  "api_calls",
  "mcp_calls",
  "email",
  "sms",
  "voice",
  "storage",
] as const

export type Consumable = (typeof CONSUMABLE_CODES)[number]

/** All plans, smallest first, in the order of the database's enum. */
export const PLAN_CODES = Object.values(Plan)

/**
 * The highest cost of one usage record. A quantity has at most three decimals, so scaled quantity x rate stays within
 * 10^18 and fits PostgreSQL's BIGINT before it is divided and rounded.
 */
export const MAX_RECORD_COST_NANOS = 1_000_000n * NANOS_PER_USD

export type ConsumableInfo = Readonly<{
  name: string
  unit: Readonly<{ one: string; many: string }>
  /** A quantity is a `bigint` of units x 10^decimals: 1.5 hours with three decimals is 1500n. */
  decimals: 0 | 1 | 2 | 3
  /** The largest quantity of one usage record. */
  maxQuantity: bigint
}>

export type ConsumableTerms = Readonly<{
  /** The quantity that each billing period gives before anything is charged. */
  allowanceQuantity: bigint
  /** The overage rate: USD nanos for one whole unit. */
  rateNanos: bigint
}>

export type PlanInfo = Readonly<{
  name: string
  /** The monthly price of a member, in USD nanos: 0n for free, null for a plan by contract. */
  monthlyNanos: bigint | null
  /** The included credits of each billing period, in USD nanos; 0n for none. */
  includedNanos: bigint
  terms: Readonly<Record<Consumable, ConsumableTerms>>
}>

export type Catalog = Readonly<{
  consumables: Readonly<Record<Consumable, ConsumableInfo>>
  plans: Readonly<Record<Plan, PlanInfo>>
}>

const required = {
  error: ({ input }: { input?: unknown }) => (input === undefined ? "is missing" : undefined),
}
const words = z.string(required).min(1, "must not be empty")
const notNegative = z.bigint(required).nonnegative("must not be negative").max(MAX_NANOS, "must fit a BIGINT")
const aboveZero = z.bigint(required).positive("must be above zero")

const consumableSchema = z.strictObject(
  {
    name: words,
    unit: z.strictObject({ one: words, many: words }, required),
    decimals: z.literal([0, 1, 2, 3], "must be 0, 1, 2 or 3"),
    maxUnits: aboveZero,
  },
  required,
)

const ALLOWANCE_RULE = 'must be whole units such as 5n, or a text such as "0.5"'

const termsSchema = z.strictObject(
  {
    allowance: z.union(
      [z.bigint().nonnegative(ALLOWANCE_RULE), z.string().regex(/^[0-9]{1,18}\.[0-9]+$/, ALLOWANCE_RULE)],
      ALLOWANCE_RULE,
    ),
    rateNanos: aboveZero,
  },
  required,
)

const planSchema = z.strictObject(
  {
    name: words,
    monthlyNanos: z.union([notNegative, z.null()], "must be USD nanos, or null for a plan by contract"),
    includedNanos: notNegative,
    terms: z.record(z.enum(CONSUMABLE_CODES), termsSchema, required),
  },
  required,
)

const catalogSchema = z.strictObject({
  consumables: z.record(z.enum(CONSUMABLE_CODES), consumableSchema, required),
  plans: z.record(z.enum(Plan), planSchema, required),
})

/** The catalog as a person writes it, with maxima and allowances in units. */
export type CatalogInput = z.output<typeof catalogSchema>

/**
 * Checks the catalog and scales its quantities. Throws one sentence that names plan and consumable, so that a wrong
 * price list stops the start instead of charging somebody.
 */
export function parseCatalog(input: CatalogInput): Catalog {
  const parsed = catalogSchema.safeParse(input)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    throw new Error(`The catalog is wrong: ${placeInWords(issue?.path ?? [])} ${issue?.message}`)
  }
  const { consumables, plans } = parsed.data
  for (const plan of PLAN_CODES) {
    const problem = findPriceProblem(parsed.data, plan)
    if (problem) throw new Error(`The catalog is wrong: plan ${plan}: ${problem}`)
  }
  return {
    consumables: mapValues(consumables, ({ maxUnits, ...info }) => ({
      ...info,
      maxQuantity: toQuantity(maxUnits, info.decimals),
    })),
    plans: mapValues(plans, (plan, planCode) => ({
      ...plan,
      terms: mapValues(plan.terms, ({ allowance, rateNanos }, code) => {
        const problem = findProblem(parsed.data, planCode, code)
        if (problem) throw new Error(`The catalog is wrong: plan ${planCode}, consumable ${code}: ${problem}`)
        return { allowanceQuantity: toQuantity(allowance, consumables[code].decimals), rateNanos }
      }),
    })),
  }
}

/** Every pool gets the included credits, so a price below them would be a loss. */
function findPriceProblem({ plans }: CatalogInput, plan: Plan): string | null {
  const { monthlyNanos, includedNanos } = plans[plan]
  if (plan === "free" && monthlyNanos !== 0n) return "monthlyNanos must be 0n"
  if (plan === "free" || monthlyNanos === null) return null
  const smaller = plans[PLAN_CODES[PLAN_CODES.indexOf(plan) - 1] ?? "free"].monthlyNanos
  if (monthlyNanos % NANOS_PER_CENT !== 0n) return "monthlyNanos must be whole cents"
  if (monthlyNanos <= includedNanos) return "monthlyNanos must be above includedNanos"
  if (smaller === null || monthlyNanos <= smaller)
    return "monthlyNanos must be above that of the smaller plan"
  return null
}

/** Finds problems between fields: with the consumable and with the smaller plan. */
function findProblem(catalog: CatalogInput, plan: Plan, code: Consumable): string | null {
  const { decimals, maxUnits } = catalog.consumables[code]
  const { allowance, rateNanos } = catalog.plans[plan].terms[code]
  const smaller = PLAN_CODES[PLAN_CODES.indexOf(plan) - 1]
  if (maxUnits * rateNanos > MAX_RECORD_COST_NANOS)
    return "the largest record would cost more than $1,000,000; lower rateNanos or maxUnits"
  if (decimalsOf(allowance) > decimals)
    return `allowance ${allowance} has more decimals than a quantity, which has ${decimals}`
  if (toQuantity(allowance, decimals) > MAX_NANOS) return "allowance must fit a BIGINT"
  if (smaller && rateNanos > catalog.plans[smaller].terms[code].rateNanos)
    return `rateNanos must not be above that of the smaller plan ${smaller}`
  return null
}

function decimalsOf(units: bigint | string): number {
  return units.toString().split(".")[1]?.length ?? 0
}

function toQuantity(units: bigint | string, decimals: number): bigint {
  const [whole = "", fraction = ""] = units.toString().split(".")
  return BigInt(whole + fraction.padEnd(decimals, "0"))
}

function placeInWords(path: PropertyKey[]): string {
  const [section, code, ...fields] = path.map(String)
  if (!section || !code) return `${section ?? "it"}:`
  const isTerm = fields[0] === "terms" && fields[1]
  const place = [`${section === "plans" ? "plan" : "consumable"} ${code}`]
  if (isTerm) place.push(`consumable ${fields[1]}`)
  return `${place.join(", ")}: ${(isTerm ? fields.slice(2) : fields).join(".")}`.trimEnd()
}

function mapValues<Key extends string, From, To>(
  record: Readonly<Record<Key, From>>,
  change: (value: From, key: Key) => To,
): Record<Key, To> {
  const entries = Object.entries(record) as [Key, From][]
  return Object.fromEntries(entries.map(([key, value]) => [key, change(value, key)])) as Record<Key, To>
}
