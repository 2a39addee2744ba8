import { NANOS_PER_USD } from "@/lib/money/usd"
import { type Catalog, type Consumable, parseCatalog } from "./schema"

/**
 * The price list: what is metered, each plan's monthly price per member, what it includes, and its rates beyond that.
 * A rate is in USD nanos for one unit; maxima and allowances are in units. Checked when this module is loaded.
 */
export const CATALOG: Catalog = parseCatalog({
  consumables: {
    llm_tokens: {
      name: "LLM tokens",
      unit: { one: "token", many: "tokens" },
      decimals: 0,
      maxUnits: 1_000_000_000n,
    },
    agent_compute: {
      name: "Agent compute",
      unit: { one: "hour", many: "hours" },
      decimals: 3,
      maxUnits: 100_000n,
    },
    api_calls: {
      name: "API calls",
      unit: { one: "call", many: "calls" },
      decimals: 0,
      maxUnits: 1_000_000_000n,
    },
    mcp_calls: {
      name: "MCP calls",
      unit: { one: "call", many: "calls" },
      decimals: 0,
      maxUnits: 1_000_000_000n,
    },
    email: { name: "Email", unit: { one: "email", many: "emails" }, decimals: 0, maxUnits: 10_000_000n },
    sms: { name: "SMS", unit: { one: "message", many: "messages" }, decimals: 0, maxUnits: 10_000_000n },
    voice: { name: "Voice", unit: { one: "minute", many: "minutes" }, decimals: 3, maxUnits: 1_000_000n },
    storage: {
      name: "Storage",
      unit: { one: "GB-month", many: "GB-months" },
      decimals: 3,
      maxUnits: 1_000_000n,
    },
  },
  plans: {
    free: {
      name: "Free",
      monthlyNanos: 0n,
      includedNanos: 0n,
      terms: {
        llm_tokens: { allowance: 100_000n, rateNanos: 4_000n },
        agent_compute: { allowance: "0.5", rateNanos: 600_000_000n },
        api_calls: { allowance: 1_000n, rateNanos: 120_000n },
        mcp_calls: { allowance: 500n, rateNanos: 240_000n },
        email: { allowance: 100n, rateNanos: 1_200_000n },
        sms: { allowance: 0n, rateNanos: 12_000_000n },
        voice: { allowance: 0n, rateNanos: 24_000_000n },
        storage: { allowance: 1n, rateNanos: 120_000_000n },
      },
    },
    build: {
      name: "Build",
      monthlyNanos: 25n * NANOS_PER_USD,
      includedNanos: 20n * NANOS_PER_USD,
      terms: {
        llm_tokens: { allowance: 5_000_000n, rateNanos: 3_000n },
        agent_compute: { allowance: 20n, rateNanos: 500_000_000n },
        api_calls: { allowance: 100_000n, rateNanos: 100_000n },
        mcp_calls: { allowance: 25_000n, rateNanos: 200_000n },
        email: { allowance: 5_000n, rateNanos: 1_000_000n },
        sms: { allowance: 100n, rateNanos: 10_000_000n },
        voice: { allowance: 60n, rateNanos: 20_000_000n },
        storage: { allowance: 10n, rateNanos: 100_000_000n },
      },
    },
    max: {
      name: "Max",
      monthlyNanos: 120n * NANOS_PER_USD,
      includedNanos: 100n * NANOS_PER_USD,
      terms: {
        llm_tokens: { allowance: 25_000_000n, rateNanos: 2_700n },
        agent_compute: { allowance: 100n, rateNanos: 450_000_000n },
        api_calls: { allowance: 500_000n, rateNanos: 90_000n },
        mcp_calls: { allowance: 125_000n, rateNanos: 180_000n },
        email: { allowance: 25_000n, rateNanos: 900_000n },
        sms: { allowance: 500n, rateNanos: 9_000_000n },
        voice: { allowance: 300n, rateNanos: 18_000_000n },
        storage: { allowance: 50n, rateNanos: 90_000_000n },
      },
    },
    business: {
      name: "Business",
      monthlyNanos: 300n * NANOS_PER_USD,
      includedNanos: 250n * NANOS_PER_USD,
      terms: {
        llm_tokens: { allowance: 75_000_000n, rateNanos: 2_400n },
        agent_compute: { allowance: 300n, rateNanos: 400_000_000n },
        api_calls: { allowance: 2_000_000n, rateNanos: 80_000n },
        mcp_calls: { allowance: 500_000n, rateNanos: 160_000n },
        email: { allowance: 100_000n, rateNanos: 800_000n },
        sms: { allowance: 2_000n, rateNanos: 8_000_000n },
        voice: { allowance: 1_000n, rateNanos: 16_000_000n },
        storage: { allowance: 250n, rateNanos: 80_000_000n },
      },
    },
    enterprise: {
      name: "Enterprise",
      monthlyNanos: null,
      includedNanos: 2_000n * NANOS_PER_USD,
      terms: {
        llm_tokens: { allowance: 500_000_000n, rateNanos: 2_000n },
        agent_compute: { allowance: 2_000n, rateNanos: 300_000_000n },
        api_calls: { allowance: 20_000_000n, rateNanos: 60_000n },
        mcp_calls: { allowance: 5_000_000n, rateNanos: 120_000n },
        email: { allowance: 1_000_000n, rateNanos: 600_000n },
        sms: { allowance: 20_000n, rateNanos: 7_000_000n },
        voice: { allowance: 10_000n, rateNanos: 12_000_000n },
        storage: { allowance: 2_500n, rateNanos: 60_000_000n },
      },
    },
  },
})

/** Returns a consumable's name. Any other text stays as it is. */
export function consumableName(code: string): string {
  return isConsumable(code) ? CATALOG.consumables[code].name : code
}

export function isConsumable(code: string): code is Consumable {
  return Object.hasOwn(CATALOG.consumables, code)
}
