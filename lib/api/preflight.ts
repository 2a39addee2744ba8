import { preflight } from "@/lib/metering/preflight"
import { parseQuantity } from "@/lib/metering/quantity"
import { toDecimalString } from "@/lib/money/usd"
import { preflightAnswer } from "./answers"
import { apiRoute } from "./api-route"
import { causeOf } from "./fields"
import { metering } from "./metering"
import { billedPrincipal, poolJson } from "./problem"
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
    const { costNanos, enough, principal, pools } = await preflight(metering(), teamId, usage, now)
    return {
      body: {
        cost: toDecimalString(costNanos),
        enough,
        billed_principal: billedPrincipal(team, principal),
        pools: pools.map(poolJson),
      },
    }
  },
})
