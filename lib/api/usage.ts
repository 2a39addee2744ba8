import { z } from "@hono/zod-openapi"
import { AppError, InvalidInputError, NotFoundError } from "@/lib/errors"
import { metering } from "@/lib/metering/metering"
import { parseQuantity } from "@/lib/metering/quantity"
import { reportUsage, type UsageReport } from "@/lib/metering/report-usage"
import { problemOf } from "./answer"
import { receiptAnswer, receiptJson } from "./answers"
import { type ApiCtx, apiRoute } from "./api-route"
import { MissingIdempotencyKeyError, UnauthenticatedError } from "./errors"
import { explainRefusal } from "./explain-refusal"
import {
  causeOf,
  consumableField,
  isRequestKey,
  KEY_RULE,
  keyField,
  metadataField,
  occurredAtField,
  quantityField,
  triggerField,
  userField,
} from "./fields"
import { parse } from "./parse"
import { isObject, type JsonObject } from "./read-json"

/** What was used, whoever caused it. */
export const usedFields = {
  consumable: consumableField,
  quantity: quantityField,
  occurred_at: occurredAtField.optional(),
  metadata: metadataField.optional(),
}
const recordFields = { ...usedFields, user: userField.optional(), trigger: triggerField.optional() }
export const recordSchema = z.strictObject(recordFields).openapi("UsageRecord")
const keyedSchema = z.strictObject({ key: keyField, ...recordFields }).openapi("KeyedUsageRecord")

const MAX_RECORDS = 1_000
/** Of a batch's errors so many are told in full, each with so many problems. All would be a multiple of what was sent. */
const MAX_DOCUMENTS = 10
const MAX_PROBLEMS = 5
/** What stands for the errors after those. To make a thousand takes three times as long as to find them. */
const INVALID_RECORD = new InvalidInputError("This record is invalid.")
const RECORDS_RULE = `Send 1 to ${MAX_RECORDS} records.`
/** Each record is looked at by itself: one that is wrong doesn't keep the others from being charged. */
const batchSchema = z.strictObject({
  records: z.array(z.unknown(), RECORDS_RULE).min(1, RECORDS_RULE).max(MAX_RECORDS, RECORDS_RULE),
})
const documentedBatch = z
  .strictObject({ records: z.array(keyedSchema).min(1).max(MAX_RECORDS) })
  .openapi("UsageBatch")

const resultAnswer = z
  .looseObject({
    key: z.string().nullable().openapi({ description: "The record’s key; null if it had none." }),
    status: z.number().int().openapi({ description: "200, or the status of the error." }),
  })
  .openapi("UsageResult", {
    description: `A receipt, or an error document without instance and request_id, with the record’s key. After the first ${MAX_DOCUMENTS} errors of a batch only key, status, code, retryable and retry_after are said; of an invalid record only the status, with null for the key. Results come in the batch’s order.`,
  })
const batchAnswer = z.strictObject({ results: z.array(resultAnswer) }).openapi("UsageResults")

export const usageRoute = apiRoute({
  method: "post",
  path: "/usage",
  operationId: "reportUsage",
  summary: "Report usage",
  description:
    "Charges what was used: one record, with an Idempotency-Key, or up to 1,000, each with a key of its own and settled on its own. A batch’s receipts and refusals come in its order.",
  scope: "usage:write",
  team: "remembered",
  body: z.custom<JsonObject>(isObject),
  documentedBody: z.union([recordSchema, documentedBatch]),
  takesIdempotencyKey: "required",
  answer: {
    status: 200,
    description: "The receipt, or the batch’s results.",
    schema: z.union([receiptAnswer, batchAnswer]),
  },
  errors: ["missing_idempotency_key", "insufficient_credits", "idempotency_key_reused"],
  async run(ctx, { body }) {
    if (Object.hasOwn(body, "records")) return { body: { results: await settleBatch(ctx, body) } }
    const key = requireIdempotencyKey(ctx.request)
    const { receipt, replayed } = await settle(ctx, toReport(ctx, key, parse(recordSchema, body)))
    return { body: receipt, replayed }
  },
})

/** The key that the request's header gives it. */
export function requireIdempotencyKey(request: Request): string {
  const key = getIdempotencyKey(request)
  if (key === null) throw new MissingIdempotencyKeyError()
  return key
}

export function getIdempotencyKey(request: Request): string | null {
  const key = request.headers.get("idempotency-key")
  if (key === null || key === "") return null
  if (!isRequestKey(key))
    throw new InvalidInputError(`The Idempotency-Key header must have ${KEY_RULE}.`, "Idempotency-Key")
  return key
}

function toReport(
  { apiKeyId, authorise }: ApiCtx,
  key: string,
  record: z.output<typeof recordSchema>,
): UsageReport {
  return {
    key,
    consumable: record.consumable,
    quantity: parseQuantity(record.quantity, record.consumable),
    cause: causeOf(record, apiKeyId),
    occurredAt: record.occurred_at ?? null,
    metadata: record.metadata ?? null,
    authorise,
  }
}

async function settle({ teamId, currentTeam }: ApiCtx, report: UsageReport) {
  try {
    const { receipt, replayed } = await reportUsage(metering(), teamId, report)
    // Nothing was written, so nothing has compared the team's version: a revoked key learns nothing.
    if (replayed) await currentTeam()
    return { receipt: receiptJson(receipt, report.consumable, replayed), replayed }
  } catch (error) {
    // The only thing that can be missing here is the team.
    if (error instanceof NotFoundError) throw new UnauthenticatedError()
    throw await explainRefusal(error, report.cause, currentTeam)
  }
}

async function settleBatch(ctx: ApiCtx, body: JsonObject) {
  const { records } = parse(batchSchema, body)
  const read = recordReader()
  const settled = await Promise.allSettled(records.map((record) => settleRecord(ctx, () => read(record))))
  const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))
  // Sent again, the batch finds what was charged by its keys, so what failed on our side fails as a whole.
  const fault = failures.find((error) => !isRefusal(error))
  if (fault !== undefined) throw fault
  if (failures.length === records.length && failures.every((error) => error instanceof UnauthenticatedError))
    throw failures[0]
  let documents = 0
  return settled.map((each, index) => {
    const key = keyOf(records[index])
    if (each.status === "fulfilled") return { key, status: 200, ...each.value }
    return ++documents > MAX_DOCUMENTS ? inShort(key, each.reason) : { key, ...problemOf(each.reason) }
  })
}

/** What a program can't do without. It finds an invalid record, whose key may be all that is wrong with it, by its place. */
function inShort(key: string | null, error: unknown) {
  const { status, code, retryable, ...rest } = problemOf(error)
  if (code === "invalid_input") return { key: null, status }
  return { key, status, code, retryable, ...("retry_after" in rest && { retry_after: rest.retry_after }) }
}

async function settleRecord(ctx: ApiCtx, read: () => z.output<typeof keyedSchema>) {
  const { key, ...rest } = read()
  return (await settle(ctx, toReport(ctx, key, rest))).receipt
}

/** Reads one record of a batch after the other. Throws InvalidInputError: what is wrong with it, or after many only that something is. */
function recordReader() {
  let invalid = 0
  return (record: unknown) => {
    const parsed = keyedSchema.safeParse(record)
    if (parsed.success) return parsed.data
    invalid += 1
    if (invalid > MAX_DOCUMENTS) throw INVALID_RECORD
    if (!isObject(record)) throw new InvalidInputError("A record must be a JSON object.")
    return parse(keyedSchema, record, MAX_PROBLEMS)
  }
}

function isRefusal(error: unknown): boolean {
  return error instanceof AppError && error.status < 500
}

function keyOf(record: unknown): string | null {
  return isObject(record) && typeof record.key === "string" ? record.key.slice(0, 255) : null
}
