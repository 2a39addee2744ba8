import { emptyBalance, type Statement, type StatementPool, type UsedLine } from "@/lib/statements/statement"
import { usd } from "./ledger"

export function sampleUsed(more: Partial<UsedLine> = {}): UsedLine {
  return {
    ...{ consumable: "voice", consumableName: "Voice", decimals: 3, memberId: null, memberName: null },
    ...{ records: 12n, quantity: 62_500n, allowanceQuantity: 60_000n },
    ...{ includedNanos: 180_000_000n, creditsNanos: 29_820_000_001n },
    ...more,
  }
}

export function samplePool(more: Partial<StatementPool> = {}): StatementPool {
  const credits = emptyBalance(-usd(12))
  credits.moved.purchase = usd(50)
  credits.moved.consumption = -29_820_000_001n
  credits.moved.expiry = -125_000n
  credits.closingNanos = 8_179_874_999n
  const included = emptyBalance()
  included.moved.included_grant = usd(20)
  included.moved.consumption = -180_000_000n
  included.closingNanos = 19_820_000_000n
  return {
    ...{ poolId: "01890000-0000-7000-8000-000000000001", poolNo: 1, holderName: "Ada Marlow", lastSeq: 40n },
    ...{ credits, included, used: [sampleUsed()] },
    payments: [
      {
        ...{ seq: 3n, kind: "purchase", occurredAt: new Date("2026-11-03T09:12:00Z"), amountNanos: usd(50) },
        ...{ paidNanos: usd(59.5), invoiceNumber: "A1B2-0007", paymentId: "pi_3Q" },
      },
    ],
    ...more,
  }
}

export function sampleStatement(more: Partial<Statement> = {}): Statement {
  return {
    ...{ id: "01890000-0000-7000-8000-000000000000", month: "2026-11", no: 3 },
    ...{ createdAt: new Date("2026-12-01T00:10:02Z"), teamName: "Northwind Labs" },
    recipient: ["Northwind Labs GmbH", "Torstraße 1", "10119 Berlin", "Germany", "Tax ID DE123456789"],
    provider: ["Example Ltd", "1 Example Street", "London", "support@example.com"],
    pools: [samplePool()],
    ...more,
  }
}
