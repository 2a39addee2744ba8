import { concludeAuthentication } from "./checkout"
import type { AnyIntent } from "./client-secret"
import type { AttemptOutcome } from "./payments"
import { finishSetupAuthentication } from "./setup-attempts"
import type { World } from "./world"

/** The answer on the bank's page, whatever it was asked for. */
export function answerBank(world: World, intent: AnyIntent, success: boolean): AttemptOutcome {
  return intent.object === "payment_intent"
    ? concludeAuthentication(world, intent, success)
    : finishSetupAuthentication(world, intent, success)
}
