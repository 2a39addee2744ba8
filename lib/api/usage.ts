import { z } from "@hono/zod-openapi"
import { AppError, InvalidInputError, NotFoundError } from "@/lib/errors"
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
import { metering } from "./metering"
import { parse } from "./parse"
import { isObject, type JsonObject } from "./read-json"

/** The usage itself, whoever caused it. */
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
/** How many errors of a batch are told in full, and how many problems of each. All would be a multiple of what was sent. */
const MAX_DOCUMENTS = 10
const MAX_PROBLEMS = 5
/** Stands for the errors after those. Composing a thousand takes three times as long as finding them. */
const INVALID_RECORD = new InvalidInputError("This record is invalid.")
const RECORDS_RULE = `Send 1 to ${MAX_RECORDS} records.`
/** Each record is judged alone: a wrong one doesn't keep the others from being charged. */
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

/** Returns the key from the request's header. */
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
    // Nothing was written, so nothing has checked the team's version: a revoked key must learn nothing.
    if (replayed) await currentTeam()
    return { receipt: receiptJson(receipt, report.consumable, replayed), replayed }
  } catch (error) {
    // Only the team itself can be missing here.
    if (error instanceof NotFoundError) throw new UnauthenticatedError()
    throw await explainRefusal(error, report.cause, currentTeam)
  }
}

async function settleBatch(ctx: ApiCtx, body: JsonObject) {
  const { records } = parse(batchSchema, body)
  const read = recordReader()
  const settled = await Promise.allSettled(records.map((record) => settleRecord(ctx, () => read(record))))
  const failures = settled.flatMap((each) => (each.status === "rejected" ? [each.reason] : []))
  // Sent again, the batch recognises charged records by their keys, so a failure on our side fails the whole batch.
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

/** The least that a program needs. It finds an invalid record by its place, because the key may be what is wrong. */
function inShort(key: string | null, error: unknown) {
  const { status, code, retryable, ...rest } = problemOf(error)
  if (code === "invalid_input") return { key: null, status }
  return { key, status, code, retryable, ...("retry_after" in rest && { retry_after: rest.retry_after }) }
}

async function settleRecord(ctx: ApiCtx, read: () => z.output<typeof keyedSchema>) {
  const { key, ...rest } = read()
  return (await settle(ctx, toReport(ctx, key, rest))).receipt
}

/**
 * Reads one record of a batch after the other. Throws InvalidInputError with the problem, or after many only that
 * there is one.
 */
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
