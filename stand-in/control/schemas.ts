import { z } from "zod"
import { DECLINE_CODES } from "../cards/decline-codes"
import { PRESENTMENT_CURRENCIES } from "../checkout/presentment"
import { filterSchema } from "../world/subject"

export const endpointSchema = z.strictObject({
  url: z.url(),
  secret: z.string().min(1),
  customers: z.array(z.string()).optional(),
  enabled_events: z.array(z.string()).min(1).default(["*"]),
  /** As for an endpoint made when the account had another version. */
  api_version: z.string().optional(),
})

export const craftSchema = z.strictObject({
  type: z.string(),
  object: z.record(z.string(), z.unknown()),
  id: z.string().optional(),
  livemode: z.boolean().default(false),
  account: z.string().optional(),
  api_version: z.string().optional(),
  created: z.number().int().optional(),
  /** Seconds added to the signature's timestamp. */
  timestamp_offset: z.number().int().default(0),
  /** Signs with this instead of the endpoint's secret. */
  secret: z.string().optional(),
  url: z.string().optional(),
  /** Kept, so that the API returns it as well. */
  store: z.boolean().default(false),
})

export const releaseSchema = z.strictObject({
  ...filterSchema.shape,
  order: z.enum(["created", "reversed", "shuffled"]).default("created"),
})

export const paySchema = z.strictObject({
  payment_method: z.string().default("pm_card_visa"),
  email: z.string().optional(),
  name: z.string().optional(),
  /** Differs from the shop's, which only adaptive pricing allows. */
  currency: z.enum(PRESENTMENT_CURRENCIES).optional(),
  /** Presses this button when the card asks for authentication. */
  authenticate: z.enum(["complete", "fail"]).optional(),
})

export const settleSchema = z.strictObject({
  outcome: z.enum(["succeed", "fail"]),
  decline_code: z.enum(DECLINE_CODES).default("generic_decline"),
})

export const deliverSchema = z.strictObject({ times: z.number().int().min(1).max(1000).default(1) })
export const advanceSchema = z.strictObject({ ms: z.number().int().positive() })
