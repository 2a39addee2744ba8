import { z } from "zod"
import { requireCustomerParam } from "../objects/customer"
import { paginate } from "../paging"
import { paging, text } from "../params"
import { type Route, route } from "../route"

/** Nothing makes a subscription here yet, so that every customer's list of them is empty. */
export const subscriptionListRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/subscriptions",
    answer: ["Customer"],
    params: z.strictObject({ ...paging, customer: text }),
    run: ({ world, params: { customer, ...page } }) => {
      requireCustomerParam(world, customer)
      return paginate([], page, "/v1/subscriptions")
    },
  }),
]
