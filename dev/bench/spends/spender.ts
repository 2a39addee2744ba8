import { connectForSpending } from "@/lib/db/spend-connections"
import { Metering } from "@/lib/metering/metering"
import { load } from "../measuring/measure"
import { answerParent } from "../setup/child"
import { CONNECTIONS } from "../setup/connections"
import { spend } from "../setup/teams"

/** Spends from one pool for a time, with a number in flight, beginning at an agreed instant. */
export type SpendOrder = {
  databaseUrl: string
  teamId: string
  inFlight: number
  ms: number
  beginsAt: number
}
export type SpendResult = { count: number; beganAt: number; endedAt: number; p50Ms: number; p99Ms: number }

let metering: Metering | null = null

answerParent<SpendOrder>(async ({ databaseUrl, teamId, inFlight, ms, beginsAt }): Promise<SpendResult> => {
  metering ??= new Metering(connectForSpending(databaseUrl, CONNECTIONS))
  const own = metering
  await new Promise((resume) => setTimeout(resume, beginsAt - Date.now()))
  const beganAt = Date.now()
  let count = 0
  const { p50Ms, p99Ms } = await load(inFlight, ms, async () => {
    await spend(own, teamId)
    count++
  })
  return { count, beganAt, endedAt: Date.now(), p50Ms, p99Ms }
})
