import { TASK_EXAMPLES } from "./examples/agent-tasks"
import type { ApiExample } from "./examples/example"
import { HOLD_EXAMPLES } from "./examples/holds"
import { STATEMENT_EXAMPLES } from "./examples/statements"
import { USAGE_EXAMPLES } from "./examples/usage"
import { toJsonText } from "./to-json-text"

/** One request per endpoint with its answer, in the order in which a program meets them. lib/api's tests send them. */
export const API_EXAMPLES: ApiExample[] = [
  ...USAGE_EXAMPLES,
  ...STATEMENT_EXAMPLES,
  ...HOLD_EXAMPLES,
  ...TASK_EXAMPLES,
]

/** Writes the request as a shell command. curl sends a POST when there is a body. */
export function toCurl({ method, path, idempotencyKey, body }: ApiExample): string {
  const lines = [
    `curl ${method === "POST" && body === undefined ? "-X POST " : ""}"$CREDITS_URL${path}"`,
    '-H "Authorization: Bearer $CREDITS_API_KEY"',
    ...(idempotencyKey ? [`-H "Idempotency-Key: ${idempotencyKey}"`] : []),
    ...(body === undefined ? [] : ['-H "Content-Type: application/json"', `-d '${toJsonText(body, "  ")}'`]),
  ]
  return lines.join(" \\\n  ")
}
