import { preflight } from "@/lib/metering/preflight"
import { parseQuantity } from "@/lib/metering/quantity"
import { toDecimalString } from "@/lib/money/usd"
import { limitsJson, preflightAnswer } from "./answers"
import { apiRoute } from "./api-route"
import { causeOf } from "./fields"
import { metering } from "./metering"
import { billedPrincipal, poolJson, reasonOf } from "./problem"
import { recordSchema } from "./usage"

export const preflightRoute = apiRoute({
  method: "post",
  path: "/preflight",
  operationId: "preflight",
  summary: "Ask before you start",
  description:
    "Tells what this usage would cost now, who would pay, and whether the pool covers it. Nothing is recorded.",
  scope: "usage:write",
  team: "now",
  body: recordSchema,
  answer: { status: 200, description: "The answer holds for this moment.", schema: preflightAnswer },
  errors: [],
  async run({ team, teamId, apiKeyId, now }, { body }) {
    const { consumable } = body
    const usage = {
      consumable,
      quantity: parseQuantity(body.quantity, consumable),
      cause: causeOf(body, apiKeyId),
    }
    const asked = await preflight(metering(), teamId, usage, now)
    const { costNanos, refusal, principal, pool } = asked
    return {
      body: {
        cost: toDecimalString(costNanos),
        enough: refusal === null,
        billed_principal: billedPrincipal(team, principal),
        reason: refusal && reasonOf(team, refusal, pool.poolId),
        pools: [poolJson(pool)],
        limits: limitsJson(asked.limits),
      },
    }
  },
})
