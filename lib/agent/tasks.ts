import type { AgentTaskState } from "@/lib/db/generated/enums"
import type { Query, Statement } from "@/lib/db/query"
import { NotFoundError } from "@/lib/errors"
import type { Trigger } from "@/lib/pools/triggers"

/** A run of an agent and its payer. */
export type AgentTask = {
  id: string
  state: AgentTaskState
  title: string
  trigger: Trigger
  memberId: string | null
  poolId: string
  holdId: string | null
  /** The problem document of a task that failed for want of credits. */
  error: Record<string, unknown> | null
  requestPrint: string | null
  createdAt: Date
  startedAt: Date | null
  finishedAt: Date | null
}

type Row = {
  id: string
  state: AgentTaskState
  title: string
  trigger: Trigger
  member_id: string | null
  pool_id: string
  hold_id: string | null
  error: Record<string, unknown> | null
  request_print: string | null
  created_at: Date
  started_at: Date | null
  finished_at: Date | null
}

const COLUMNS = `id, state, title, trigger, member_id, pool_id, hold_id, error, request_print, created_at, started_at, finished_at`
const READ_TASK: Statement = {
  name: "agent_tasks_read",
  text: `SELECT ${COLUMNS} FROM agent_tasks WHERE team_id = $1::uuid AND id = $2::uuid`,
}
const LOCK_TASK: Statement = {
  name: "agent_tasks_lock",
  text: `SELECT ${COLUMNS} FROM agent_tasks WHERE team_id = $1::uuid AND id = $2::uuid FOR UPDATE`,
}
const FIND_TASK: Statement = {
  name: "agent_tasks_find",
  text: `SELECT ${COLUMNS} FROM agent_tasks WHERE team_id = $1::uuid AND request_key = $2`,
}
const INSERT_TASK: Statement = {
  name: "agent_tasks_insert",
  text: `INSERT INTO agent_tasks (team_id, id, title, trigger, member_id, api_key_id, pool_id, request_key, request_print,
      state, hold_id, error, created_at, started_at, finished_at)
    VALUES ($1::uuid, $2::uuid, $3, $4, $5::uuid, $6::uuid, $7::uuid, $8, $9,
      $10::text::agent_task_state, $11::uuid, $12::text::jsonb, $13::timestamptz,
      CASE WHEN $10::text = 'IN_PROGRESS' THEN $13::timestamptz END, CASE WHEN $10::text = 'FAILED' THEN $13::timestamptz END)
    RETURNING ${COLUMNS}`,
}
const END_TASK: Statement = {
  name: "agent_tasks_end",
  text: `UPDATE agent_tasks SET state = $3::text::agent_task_state, finished_at = $4::timestamptz
    WHERE team_id = $1::uuid AND id = $2::uuid RETURNING ${COLUMNS}`,
}

/** Returns a task of the team. Throws NotFoundError for any other. */
export async function requireTask(query: Query, teamId: string, id: string): Promise<AgentTask> {
  const [row] = await query<Row>(READ_TASK, [teamId, id])
  if (!row) throw new NotFoundError()
  return toTask(row)
}

/** The same, locked until the transaction ends. */
export async function lockTask(query: Query, teamId: string, id: string): Promise<AgentTask> {
  const [row] = await query<Row>(LOCK_TASK, [teamId, id])
  if (!row) throw new NotFoundError()
  return toTask(row)
}

export async function findTask(query: Query, teamId: string, requestKey: string): Promise<AgentTask | null> {
  const [row] = await query<Row>(FIND_TASK, [teamId, requestKey])
  return row ? toTask(row) : null
}

export type NewTask = {
  id: string
  title: string
  trigger: Trigger
  memberId: string | null
  apiKeyId: string | null
  poolId: string
  requestKey: string | null
  requestPrint: string
}

/**
 * A new task's first state: running with its hold, or failed because nobody could pay. Never QUEUED: hold and task
 * are written together, so nothing waits for a process that may have died.
 */
export type Beginning =
  | { state: "IN_PROGRESS"; holdId: string | null }
  | { state: "FAILED"; error: Record<string, unknown> }

/** Inserts a task. A request key that is taken violates agent_tasks_once_per_request. */
export async function insertTask(
  query: Query,
  teamId: string,
  task: NewTask,
  beginning: Beginning,
  now: Date,
): Promise<AgentTask> {
  const { id, title, trigger, memberId, apiKeyId, poolId, requestKey, requestPrint } = task
  const { state } = beginning
  const holdId = "holdId" in beginning ? beginning.holdId : null
  const error = "error" in beginning ? JSON.stringify(beginning.error) : null
  const who = [title, trigger, memberId, apiKeyId, poolId, requestKey, requestPrint]
  const [row] = await query<Row>(INSERT_TASK, [teamId, id, ...who, state, holdId, error, now])
  if (!row) throw new Error("An inserted task is returned")
  return toTask(row)
}

/** Ends a task that `lockTask` has read in this transaction. A task that has already ended stays as it is. */
export async function endTask(
  query: Query,
  teamId: string,
  task: AgentTask,
  state: "SUCCEEDED" | "FAILED" | "CANCELLED",
  now: Date,
): Promise<AgentTask> {
  if (isFinished(task)) return task
  const [row] = await query<Row>(END_TASK, [teamId, task.id, state, now])
  if (!row) throw new NotFoundError()
  return toTask(row)
}

export function isFinished({ state }: AgentTask): boolean {
  return state !== "QUEUED" && state !== "IN_PROGRESS"
}

function toTask(row: Row): AgentTask {
  return {
    id: row.id,
    state: row.state,
    title: row.title,
    trigger: row.trigger,
    memberId: row.member_id,
    poolId: row.pool_id,
    holdId: row.hold_id,
    error: row.error,
    requestPrint: row.request_print,
    createdAt: row.created_at,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  }
}
