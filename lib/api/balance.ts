import { z } from "@hono/zod-openapi"
import { readBalance } from "@/lib/metering/read-balance"
import { readLimitsOf } from "@/lib/metering/read-limits-of"
import { resolvePayer } from "@/lib/metering/resolve-payer"
import { balanceAnswer, balanceJson } from "./answers"
import { apiRoute } from "./api-route"
import { causeOf, userField } from "./fields"
import { metering } from "./metering"

export const balanceRoute = apiRoute({
  method: "get",
  path: "/balance",
  operationId: "readBalance",
  summary: "Read the balance",
  description: "The pool that the key draws from or, with `user`, the one that pays for that member’s usage.",
  scope: "balance:read",
  team: "now",
  query: z.strictObject({ user: userField.optional() }),
  answer: { status: 200, description: "The balance.", schema: balanceAnswer },
  errors: [],
  async run({ team, teamId, apiKeyId, now }, { query: { user } }) {
    const cause = causeOf(user === undefined ? {} : { trigger: "user", user }, apiKeyId)
    const { poolId, memberId } = resolvePayer(team, cause)
    const [balance, limits] = await Promise.all([
      readBalance(metering(), teamId, poolId, now),
      readLimitsOf(metering().connections.query, team, { ...cause, memberId }, now, { lock: false }),
    ])
    return { body: balanceJson(balance, limits) }
  },
})
