import { z } from "zod"
import { paginateTable } from "../api/paging"
import { type Route, route } from "../api/route"
import { invalidRequest, resourceMissing } from "../notation/errors"
import { bool, created, expand, paging, text } from "../notation/params"
import { isDelivered, readEvent } from "../world/events"

const THIRTY_DAYS_S = 30 * 24 * 3600

function matchesType(pattern: string, type: string): boolean {
  return pattern.endsWith("*") ? type.startsWith(pattern.slice(0, -1)) : pattern === type
}

export const eventRoutes: Route[] = [
  route({
    method: "GET",
    path: "/v1/events",
    request: "EventListParams",
    answer: ["Event"],
    params: z.strictObject({
      ...paging,
      created,
      delivery_success: bool.optional(),
      type: text.optional(),
      types: z.array(z.string()).max(20).optional(),
    }),
    run: ({ world, params: { type, types, delivery_success: delivered, ...rest } }) => {
      if (type && types) throw invalidRequest("You may only specify one of these parameters: type, types.")
      const wanted = types ?? (type ? [type] : ["*"])
      const oldest = world.clock.now() - THIRTY_DAYS_S
      const page = paginateTable(world.store.table("event"), rest, "/v1/events", (event) => {
        if (event.created <= oldest || !wanted.some((each) => matchesType(each, event.type))) return false
        return delivered === undefined || delivered === isDelivered(world, event)
      })
      return { ...page, data: page.data.map((event) => readEvent(world, event)) }
    },
  }),
  route({
    method: "GET",
    path: "/v1/events/:id",
    answer: "Event",
    params: z.strictObject({ expand }),
    run: ({ world, ids }) => {
      const event = world.store.get("event", ids.id ?? "")
      if (!event || event.created <= world.clock.now() - THIRTY_DAYS_S)
        throw resourceMissing("event", ids.id ?? "")
      return readEvent(world, event)
    },
  }),
]
