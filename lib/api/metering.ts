import { spendConnections } from "@/lib/db/spend-connections"
import { Metering } from "@/lib/metering/metering"
import { perProcess } from "@/lib/per-process"

/** The metering of this process. Connects on first use. */
export function metering(): Metering {
  return perProcess("metering", () => new Metering(spendConnections()))
}
