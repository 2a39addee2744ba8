import type { RequestLog } from "../api/request-log"
import type { Contract } from "../contract/check"
import type { Faults } from "../faults/faults"
import type { Webhooks } from "../webhooks/webhooks"
import type { World } from "../world/world"

export interface ControlParts {
  world: World
  faults: Faults
  log: RequestLog
  webhooks: Webhooks
  contract: Contract | null
}
