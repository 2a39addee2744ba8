import { z } from "@hono/zod-openapi"
import { billedPrincipalOf } from "@/lib/agent/billed-principal"
import { cancelTask, completeTask } from "@/lib/agent/finish-task"
import { reportTaskUsage } from "@/lib/agent/report-task-usage"
import { startTask } from "@/lib/agent/start-task"
import { requireTask } from "@/lib/agent/tasks"
import type { Consumable } from "@/lib/catalog/schema"
import { NotFoundError } from "@/lib/errors"
import { fromPublicId, toPublicId } from "@/lib/ids"
import type { InsufficientCreditsError } from "@/lib/metering/errors"
import { parseQuantity } from "@/lib/metering/quantity"
import type { TeamContext } from "@/lib/metering/team-context"
import { nameText } from "@/lib/name-text"
import { receiptAnswer, receiptJson, taskAnswer, taskJson } from "./answers"
import { type ApiCtx, apiRoute } from "./api-route"
import { CreditsRefusedError, creditsProblemOf, explainRefusal, explainRefusalOf } from "./explain-refusal"
import { causeOf, consumableField, quantityField, triggerField, userField, withQuantity } from "./fields"
import { metering } from "./metering"
import type { CreditsProblem } from "./problem"
import { getIdempotencyKey, requireIdempotencyKey, usedFields } from "./usage"

const startSchema = z
  .strictObject({
    title: nameText({ max: 200, missing: "Give the task a title." }).openapi({
      example: "Nightly report",
      description: "On one line, of visible characters: spaces around it are cut off.",
    }),
    trigger: triggerField.optional(),
    user: userField.optional(),
    estimate: z
      .strictObject(
        { consumable: consumableField, quantity: quantityField },
        "Estimate a consumable and a quantity.",
      )
      .transform(withQuantity)
      .optional()
      .openapi({ description: "The expected usage, which is set aside." }),
  })
  .openapi("AgentTaskRequest")

const taskOnly = z.strictObject({ task: taskAnswer })

export const startTaskRoute = apiRoute({
  method: "post",
  path: "/agent/tasks",
  operationId: "startAgentTask",
  summary: "Start an agent task",
  description:
    "Decides who pays, sets the estimate aside and starts the task as IN_PROGRESS. Without credits the task is kept as FAILED, with the error that is returned. While an auto top-up that lets it start is on its way, nothing is kept, and the error says when to send the same request again. The same key returns the same task in its present state, not as it was at first.",
  scope: "agent:run",
  team: "now",
  body: startSchema,
  takesIdempotencyKey: "optional",
  answer: { status: 201, description: "The task.", schema: taskOnly },
  errors: ["missing_idempotency_key", "insufficient_credits", "conflict", "idempotency_key_reused"],
  async run({ teamId, apiKeyId, authorise, currentTeam, request, now }, { body }) {
    const { title, estimate } = body
    const cause = causeOf(body, apiKeyId)
    const asked = {
      key: getIdempotencyKey(request),
      title,
      cause,
      estimate: estimate ?? null,
      authorise,
      toDocument: (error: InsufficientCreditsError, team: TeamContext) =>
        creditsProblemOf(error, cause, team),
    }
    const { task, replayed } = await startTask(metering(), teamId, asked, now).catch(async (error) => {
      throw await explainRefusal(error, cause, currentTeam)
    })
    // Only a task that nobody could pay for has an error.
    if (task.error)
      throw new CreditsRefusedError({
        ...(task.error as CreditsProblem),
        task_id: toPublicId("run", task.id),
      })
    return { status: 201, body: { task: taskJson(task) }, replayed }
  },
})

export const readTaskRoute = apiRoute({
  method: "get",
  path: "/agent/tasks/{id}",
  operationId: "readAgentTask",
  summary: "Read an agent task",
  scope: "agent:run",
  team: "now",
  answer: { status: 200, description: "The task.", schema: taskOnly },
  errors: [],
  async run(ctx) {
    const task = await requireTask(metering().connections.query, ctx.teamId, taskIdOf(ctx))
    return { body: { task: taskJson(task) } }
  },
})

export const taskUsageRoute = apiRoute({
  method: "post",
  path: "/agent/tasks/{id}/usage",
  operationId: "reportAgentTaskUsage",
  summary: "Report a task’s usage",
  description:
    "Charges whoever pays for the task, first from what was set aside for it, even if its member has left the team since.",
  scope: "agent:run",
  team: "now",
  body: z.strictObject(usedFields).openapi("AgentTaskUsage"),
  takesIdempotencyKey: "required",
  answer: { status: 200, description: "The receipt.", schema: receiptAnswer },
  errors: ["missing_idempotency_key", "insufficient_credits", "conflict", "idempotency_key_reused"],
  async run(ctx, { body }) {
    const { teamId, apiKeyId, authorise, currentTeam, now } = ctx
    const { consumable, occurred_at: occurredAt = null, metadata = null } = body
    const taskId = taskIdOf(ctx)
    const key = requireIdempotencyKey(ctx.request)
    const quantity = parseQuantity(body.quantity, consumable)
    const usage = { taskId, key, consumable, quantity, occurredAt, metadata, apiKeyId, authorise }
    try {
      const { receipt, replayed } = await reportTaskUsage(metering(), teamId, usage, now)
      return { body: receiptJson(receipt, consumable, replayed), replayed }
    } catch (error) {
      const { query } = metering().connections
      throw await explainRefusalOf(error, currentTeam, async (team) =>
        billedPrincipalOf(query, team, await requireTask(query, teamId, taskId)),
      )
    }
  },
})

export const completeTaskRoute = apiRoute({
  method: "post",
  path: "/agent/tasks/{id}/complete",
  operationId: "completeAgentTask",
  summary: "Complete an agent task",
  description:
    "With a quantity, that much of the estimated consumable is charged; without, only what was reported. The rest of what was set aside is given back. The same again answers the same.",
  scope: "agent:run",
  team: "now",
  body: z
    .strictObject({
      outcome: z
        .enum(["SUCCEEDED", "FAILED"], { error: "The outcome is SUCCEEDED or FAILED." })
        .optional()
        .openapi({ description: "SUCCEEDED if not given." }),
      quantity: quantityField.optional(),
    })
    .openapi("AgentTaskCompletion"),
  answer: {
    status: 200,
    description: "The task, and the receipt if a quantity was charged.",
    schema: z.strictObject({ task: taskAnswer, receipt: receiptAnswer.nullable() }),
  },
  errors: ["conflict"],
  async run(ctx, { body: { outcome = "SUCCEEDED", quantity } }) {
    const { teamId, authorise, now } = ctx
    let consumable: Consumable | undefined
    const readQuantity = (hold: { consumable: Consumable }) => {
      consumable = hold.consumable
      return parseQuantity(quantity, consumable)
    }
    const { task, receipt } = await completeTask(
      metering(),
      teamId,
      {
        taskId: taskIdOf(ctx),
        authorise,
        outcome,
        readQuantity: quantity === undefined ? null : readQuantity,
      },
      now,
    )
    return {
      body: {
        task: taskJson(task),
        receipt: receipt && consumable ? receiptJson(receipt, consumable, false) : null,
      },
    }
  },
})

export const cancelTaskRoute = apiRoute({
  method: "post",
  path: "/agent/tasks/{id}/cancel",
  operationId: "cancelAgentTask",
  summary: "Cancel an agent task",
  description: "Gives back what is still set aside. Repeating it changes nothing.",
  scope: "agent:run",
  team: "now",
  answer: { status: 200, description: "The task.", schema: taskOnly },
  errors: ["conflict"],
  async run(ctx) {
    const { teamId, authorise, now } = ctx
    const task = await cancelTask(metering(), teamId, { taskId: taskIdOf(ctx), authorise }, now)
    return { body: { task: taskJson(task) } }
  },
})

function taskIdOf({ params }: ApiCtx): string {
  const id = fromPublicId("run", params.id ?? "")
  if (id === null) throw new NotFoundError()
  return id
}
