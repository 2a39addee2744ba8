import { connectForSpending } from "@/lib/db/spend-connections"
import { Metering } from "@/lib/metering/metering"
import { answerTo, usageOf } from "../metering-usage"

// A separate process that spends: `spend-process.ts <team> <first key> <count>`. Prints its answers by key.
const [teamId = "", first = "0", count = "0"] = process.argv.slice(2)
const connections = connectForSpending(process.env.DATABASE_URL ?? "", 2)
const metering = new Metering(connections)
const keys = Array.from({ length: Number(count) }, (_, index) => `key-${Number(first) + index}`)
const answers = await Promise.all(
  keys.map(async (key) => [key, await answerTo(metering, teamId, usageOf({ key }))] as const),
)
await connections.end()
process.stdout.write(
  JSON.stringify(Object.fromEntries(answers), (_, value: unknown) =>
    typeof value === "bigint" ? String(value) : value,
  ),
)
