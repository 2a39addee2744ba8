import type { Contract } from "../contract/check"
import type { Faults } from "../faults"
import type { RequestLog } from "../request-log"
import type { Webhooks } from "../webhooks"
import type { World } from "../world"

export interface ControlParts {
  world: World
  faults: Faults
  log: RequestLog
  webhooks: Webhooks
  contract: Contract | null
}
