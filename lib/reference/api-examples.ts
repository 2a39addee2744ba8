export type ApiExample = {
  id: string
  title: string
  /** What it is for. Text between backticks is code. */
  text: string
  method: "GET" | "POST"
  path: string
  idempotencyKey?: string
  body?: unknown
  answer?: unknown
}

const MEMBER = "member_01m7y76adre8hs54n59w3dx90w"

/** One request per endpoint, in the order in which a program meets them. */
export const API_EXAMPLES: ApiExample[] = [
  {
    id: "report-usage",
    title: "Report usage",
    text: "What was used is priced and drawn at once: from the allowance first, then from credits. Only `consumable` and `quantity` are required. `cost` is what the usage costs beyond the allowance; `replayed` is true when the key was seen before and this is its first answer again.",
    method: "POST",
    path: "/api/v1/usage",
    idempotencyKey: "run-7431-step-2",
    body: {
      consumable: "llm_tokens",
      quantity: 18250,
      user: MEMBER,
      trigger: "user",
      metadata: { run: "7431" },
    },
    answer: {
      cost: "0.0365",
      drawn: { allowance: "0", included: "0.0365", promotion: "0.00", credits: "0.00" },
      balance: "42.18",
      available: "46.7435",
      replayed: false,
    },
  },
  {
    id: "report-a-batch",
    title: "Report a batch",
    text: "Many records in one request. Each has a `key` of its own and can be repeated on its own, in whatever batch.",
    method: "POST",
    path: "/api/v1/usage",
    body: {
      records: [
        { key: "call-90211", consumable: "api_calls", quantity: 1 },
        { key: "call-90212", consumable: "voice", quantity: "2.5", occurred_at: "2026-11-20T13:40:00Z" },
      ],
    },
  },
  {
    id: "balance",
    title: "Read the balance",
    text: "The balance of the pool that this API key draws from. `balance` is what is left of add-on credits; `available` adds included credits and subtracts open holds, and decides whether usage may go on.",
    method: "GET",
    path: "/api/v1/balance",
  },
  {
    id: "transactions",
    title: "List transactions",
    text: "The pool’s movements, newest first: purchases, top-ups, consumption, refunds.",
    method: "GET",
    path: "/api/v1/transactions",
  },
  {
    id: "preflight",
    title: "Ask before you start",
    text: "Would this usage be paid for, and from which pool? Nothing is recorded and nothing set aside, so the answer holds for the moment only. To be sure of the money, take a hold.",
    method: "POST",
    path: "/api/v1/preflight",
    body: { consumable: "agent_compute", quantity: 3, trigger: "schedule" },
  },
  {
    id: "holds",
    title: "Hold credits for a run",
    text: "For a run whose cost isn’t known yet. A hold sets aside what the quantity would cost; afterwards you capture what the run did cost, or release all of it. A hold that is never captured expires by itself.",
    method: "POST",
    path: "/api/v1/holds",
    idempotencyKey: "run-7432-hold",
    body: { consumable: "agent_compute", quantity: "1.5", expires_in: 3600 },
  },
  {
    id: "agent-tasks",
    title: "Start an agent task",
    text: "A task names its trigger, which decides who pays. What it is expected to use is held, and it is `IN_PROGRESS`; completing it captures what it did use, cancelling releases the hold. If the pool can’t pay, the answer is `insufficient_credits` and the task is kept as `FAILED`, to be resumed after a top-up.",
    method: "POST",
    path: "/api/v1/agent/tasks",
    idempotencyKey: "nightly-report-2026-11-21",
    body: {
      title: "Nightly report",
      trigger: "schedule",
      estimate: { consumable: "llm_tokens", quantity: 200000 },
    },
  },
]

/** The request as a shell command. With a body, curl sends a POST. */
export function toCurl({ path, idempotencyKey, body }: ApiExample): string {
  const lines = [
    `curl "$CREDITS_URL${path}"`,
    '-H "Authorization: Bearer $CREDITS_API_KEY"',
    ...(idempotencyKey ? [`-H "Idempotency-Key: ${idempotencyKey}"`] : []),
    ...(body === undefined
      ? []
      : [
          '-H "Content-Type: application/json"',
          `-d '${JSON.stringify(body, null, 2).replaceAll("\n", "\n  ")}'`,
        ]),
  ]
  return lines.join(" \\\n  ")
}
