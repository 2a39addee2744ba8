import { type ApiExample, MEMBER, OWNER_POOL } from "./example"

const MEMBER_POOL = "pool_01m7y76aeef6bvtvbysc91d2hp"
const bought = (amount: string) => ({ opening: "0.00", movements: { purchase: amount }, closing: amount })
const head = {
  id: "stm_01kcb8y4f0e9tbe6c1jzd2m7qa",
  number: "ST-2026-11-0001",
  month: "2026-11",
  made_at: "2026-12-01T00:10:02.114Z",
}
const payment = (amount: string, id: string) => ({
  ...{ kind: "purchase", occurred_at: "2026-11-18T09:12:44.120Z", amount, paid: amount },
  ...{ invoice: null, payment: id },
})

export const STATEMENT_EXAMPLES: ApiExample[] = [
  {
    id: "statements",
    title: "List statements",
    text: "The months of your team that are over, newest first, with the add-on credits of all pools together. A statement is made on the first day of the next month, in UTC, and never changes: a later correction, refund or dispute is in the statement of its own month. Opening, all movements and closing add up exactly. Send `next_cursor` as `cursor` to go on.",
    method: "GET",
    path: "/api/v1/statements",
    status: 200,
    answer: { statements: [{ ...head, credits: bought("67.18") }], next_cursor: null },
  },
  {
    id: "read-statement",
    title: "Read a statement",
    text: "Each pool from its opening to its closing balance, credits and included credits apart; what was used, by consumable and member; and the payments, with the numbers of their invoices. Names are those of that time.",
    method: "GET",
    path: `/api/v1/statements/${head.id}`,
    status: 200,
    answer: {
      statement: {
        ...head,
        credits: bought("67.18"),
        recipient: ["Northwind Labs"],
        provider: ["Example Ltd", "1 Example Street", "London"],
        pools: [
          {
            id: OWNER_POOL,
            name: "Ada Park",
            credits: bought("25.00"),
            included: {
              opening: "0.00",
              movements: { included_grant: "20.00", consumption: "-20.00" },
              closing: "0.00",
            },
            usage: [
              {
                ...{ consumable: "sms", user: null, name: null, records: 1 },
                ...{ quantity: "2100", allowance: "100", included: "20.00", credits: "0.00" },
              },
            ],
            payments: [payment("25.00", "pi_3SVx4qKc2eZvKYlo1a2b3c4d")],
          },
          {
            id: MEMBER_POOL,
            name: "Lin Zhou",
            credits: bought("42.18"),
            included: { opening: "0.00", movements: { included_grant: "20.00" }, closing: "20.00" },
            usage: [
              {
                ...{ consumable: "llm_tokens", user: MEMBER, name: "Lin Zhou", records: 1 },
                ...{ quantity: "4990000", allowance: "4990000", included: "0.00", credits: "0.00" },
              },
            ],
            payments: [payment("42.18", "pi_3SVx9wKc2eZvKYlo5e6f7g8h")],
          },
        ],
      },
    },
  },
]
