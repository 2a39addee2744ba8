const LABELS = {
  purchase: "Purchase",
  auto_top_up: "Auto top-up",
  consumption: "Consumption",
  consumption_reversal: "Correction",
  refund: "Refund",
  dispute: "Dispute",
  dispute_reversal: "Dispute reversed",
  promotion: "Promotion",
  expiry: "Expired",
  included_grant: "Included credits",
  transfer: "Transfer",
  adjustment: "Adjustment",
} as const

export type TransactionKind = keyof typeof LABELS

export function transactionLabel(kind: TransactionKind): string {
  return LABELS[kind]
}
