export type ApiExample = {
  id: string
  title: string
  /** Describes its purpose. Text between backticks is code. */
  text: string
  method: "GET" | "POST"
  path: string
  idempotencyKey?: string
  body?: unknown
  status: 200 | 201
  answer: unknown
}

/** The examples are about one team on the Build plan, whose Owner bought $25.00. */
export const MEMBER = "member_01m7y76adre8hs54n59w3dx90w"
export const OWNER = "member_01m7y76adqe8hs54n5w3dx90wb"
export const OWNER_POOL = "pool_01m7y76adse8hs54n9e0jcqxgv"
export const HOLD = "hold_01m7yby6eye01ve0m1grtthvk6"
export const TASK = "run_01m7yby6eze01ve0mf7msg8rej"
export const TASK_HOLD = "hold_01m7yby6eze01ve0mzeekr8v1c"
export const RENEWS_AT = "2026-12-01T00:00:00.000Z"
