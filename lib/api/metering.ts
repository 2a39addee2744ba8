import { KeyUses } from "@/lib/api-keys/key-uses"
import { spendConnections } from "@/lib/db/spend-connections"
import { Metering } from "@/lib/metering/metering"
import { perProcess } from "@/lib/per-process"

/** The metering of this process. Connects on first use. */
export function metering(): Metering {
  return perProcess("metering", () => new Metering(spendConnections()))
}

/** The uses of keys that this process notes, over the same connections. */
export function keyUses(): KeyUses {
  return perProcess("api-key-uses", () => new KeyUses(metering().connections.query))
}
