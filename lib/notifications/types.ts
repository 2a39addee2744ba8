import type { Role } from "@/lib/db/generated/enums"

export const CHANNELS = ["in_app", "email"] as const
export type Channel = (typeof CHANNELS)[number]

type Person = { isManager: boolean; isConcerned: boolean }

/** Who is told. Managers are Owners and Admins. It concerns the member that it names, or else whose pool it is about. */
const AUDIENCES = {
  managers: ({ isManager }: Person) => isManager,
  managers_and_concerned: ({ isManager, isConcerned }: Person) => isManager || isConcerned,
  other_managers: ({ isManager, isConcerned }: Person) => isManager && !isConcerned,
  concerned: ({ isConcerned }: Person) => isConcerned,
  concerned_manager: ({ isManager, isConcerned }: Person) => isManager && isConcerned,
}

type Rule = {
  /** Shown in people's preferences. */
  name: string
  detail: string
  tells: keyof typeof AUDIENCES
  /** Whether people may turn it off, channel by channel. */
  canBeSilenced: boolean
  /** Whether it is mailed by default. The app always shows it. */
  isMailed: boolean
}

/** All kinds of notification: who gets each by default, and which can't be silenced. */
export const NOTIFICATIONS = {
  credit_balance_low: {
    name: "Low balance",
    detail: "The balance is at or below the threshold, and no top-up has raised it within a minute.",
    tells: "managers_and_concerned",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_balance_depleted: {
    name: "Out of credits",
    detail: "Everything is used up, and usage is refused.",
    tells: "managers_and_concerned",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_auto_recharge_triggered: {
    name: "Auto top-up",
    detail: "Credits were added by auto top-up.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_purchase_succeeded: {
    name: "Purchase",
    // Stripe mails its own receipt to the buyer.
    detail: "Somebody bought credits. Stripe emails the receipt to the buyer in any case.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: false,
  },
  credit_purchase_failed: {
    name: "Payment failed",
    detail: "A charge failed, with the reason and what happens next.",
    tells: "managers",
    canBeSilenced: false,
    isMailed: true,
  },
  credit_payment_action_required: {
    name: "Confirmation needed",
    detail: "The bank wants somebody to confirm a payment within a day.",
    tells: "managers",
    canBeSilenced: false,
    isMailed: true,
  },
  credit_auto_recharge_suspended: {
    name: "Auto top-up suspended",
    detail: "The bank refused the card for good, or it failed three times in a row.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_spend_cap_reached: {
    name: "Monthly cap",
    detail: "Auto top-ups have used 80% or all of the monthly cap.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_spend_limit_reached: {
    name: "Spending limit",
    detail: "A member, an API key or the Owner’s protection has used 80% or all of its monthly limit.",
    tells: "managers_and_concerned",
    canBeSilenced: true,
    isMailed: true,
  },
  approval_requested: {
    name: "Approval needed",
    detail: "Another Owner or Admin wants to raise the cap or an auto top-up above your team’s figure.",
    tells: "other_managers",
    canBeSilenced: true,
    isMailed: true,
  },
  approval_answered: {
    name: "Answer to a change",
    detail: "A change that you asked for was approved, declined or overtaken.",
    tells: "concerned_manager",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_requested: {
    name: "Request for credits",
    detail: "A Member asks for credits and waits for an answer.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_request_answered: {
    name: "Answer to a request",
    detail: "Your request for credits was approved or declined.",
    tells: "concerned",
    canBeSilenced: true,
    isMailed: true,
  },
  plan_payment_failed: {
    name: "Plan payment failed",
    detail: "The plan couldn’t be charged, with the consequences and the invoice to pay.",
    tells: "managers",
    canBeSilenced: false,
    isMailed: true,
  },
  credit_refunded: {
    name: "Refund",
    detail: "A payment was refunded, and its credits were taken back.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_dispute_opened: {
    name: "Dispute",
    detail: "A payment was disputed with the bank, and what it paid for is withheld.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: true,
  },
  credit_statement_ready: {
    name: "Monthly statement",
    // The mail to the billing email has the statement with it, and is sent in any case.
    detail:
      "The statement of the past month is ready. Your billing email gets it in any case, or the Owner without one.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: false,
  },
  webhook_endpoint_disabled: {
    name: "Webhook turned off",
    detail: "A webhook endpoint couldn’t be reached for five days, or said that it is gone.",
    tells: "managers",
    canBeSilenced: true,
    isMailed: true,
  },
} as const satisfies Record<string, Rule>

export type NotificationType = keyof typeof NOTIFICATIONS
export const NOTIFICATION_TYPES = Object.keys(NOTIFICATIONS) as NotificationType[]

/** The notices about payments, which also go to a team's billing email. */
export const BILLING_NOTICES: readonly NotificationType[] = [
  "credit_auto_recharge_triggered",
  "credit_purchase_failed",
  "credit_auto_recharge_suspended",
  "credit_spend_cap_reached",
  "plan_payment_failed",
  "credit_refunded",
  "credit_dispute_opened",
]

/** Mailed by a job of their own, because a document goes with them. */
export const MAILED_WITH_DOCUMENT: readonly NotificationType[] = ["credit_statement_ready"]

/** A change that a second Owner or Admin approves: of a pool's auto top-up with the team's cap, or of the rule's figure. */
export type ApprovableChange =
  | {
      enabled: boolean
      threshold: string
      amount: string
      /** Null: no cap. */
      cap: string | null
    }
  /** Null: nobody has to approve anything any more. */
  | { above: string | null }

/** The facts of a notification beyond its type. Amounts are exact decimals of US dollars, times ISO 8601. */
export type NotificationData = {
  credit_balance_low: { balance: string; threshold: string }
  credit_balance_depleted: { balance: string }
  credit_auto_recharge_triggered: { amount: string; balance: string; purchase_id: string }
  credit_purchase_succeeded: { amount: string; balance: string; purchase_id: string }
  credit_purchase_failed: {
    amount: string
    reason: string
    purchase_id: string
    kind: "one_time" | "auto_top_up"
    /** When it is retried automatically. Null when it isn't. */
    retry_at: string | null
  }
  credit_payment_action_required: { amount: string; purchase_id: string; expires_at: string }
  credit_auto_recharge_suspended: { failures: number; reason: string }
  credit_spend_cap_reached: { percent: 80 | 100; cap: string; committed: string }
  credit_spend_limit_reached: {
    percent: 80 | 100
    limit: string
    /** The amount that was spent or set aside this month. */
    used: string
    of: "member" | "api_key" | "owner"
    /** The member's or the key's name. Null for the Owner's protection. */
    name: string | null
    /** Whether more is refused at 100%. */
    refuses: boolean
  }
  approval_requested: {
    approval_id: string
    /** The Owner or Admin who asked for it. */
    member_id: string
    name: string
    change: ApprovableChange
    expires_at: string
  }
  approval_answered: {
    approval_id: string
    member_id: string
    /** `overtaken`: it was approved too late, when something else had been changed. Nothing was changed. */
    answer: "approved" | "declined" | "overtaken"
    change: ApprovableChange
    answered_by: string
  }
  credit_requested: {
    request_id: string
    member_id: string
    name: string
    amount: string
    reason: string
    /** Whether the Member has changed what they had asked for before. */
    is_changed: boolean
  }
  credit_request_answered: {
    request_id: string
    member_id: string
    answer: "approved" | "declined"
    asked: string
    /** The credits that were moved. Null when it was declined. */
    granted: string | null
    /** A few words of the person who declined it. Null without any. */
    word: string | null
    answered_by: string
  }
  plan_payment_failed: {
    /** The plan's name in the catalog. */
    plan: string
    amount: string
    /** Stripe's id of the invoice to pay. */
    invoice_id: string
    kind: "renewal" | "change"
  }
  credit_refunded: {
    /** The credits that were taken back. */
    amount: string
    /** The kind of the refunded payment, and when it was made. */
    paid: { amount: string; at: string; kind: "one_time" | "auto_top_up" }
    balance: string
    purchase_id: string
    /** Whether auto top-up is on. A refund doesn't turn it off. */
    auto_top_up: boolean
  }
  credit_dispute_opened: {
    amount: string
    reason: string
    purchase_id: string | null
    /** The purpose of the payment. */
    paid_for: "credits" | "plan" | "other"
  }
  /** The sums of all pools of the team, in credits that were bought or given. */
  credit_statement_ready: {
    statement_id: string
    number: string
    /** A calendar month of UTC, such as 2026-11. */
    month: string
    opening: string
    bought: string
    used: string
    closing: string
  }
  webhook_endpoint_disabled: { host: string; reason: "gone" | "failing" }
}

/** Whether a person in this role is told. `isConcerned`: their own pool is meant, or they are named. */
export function isTold(type: NotificationType, role: Role, isConcerned: boolean): boolean {
  return AUDIENCES[NOTIFICATIONS[type].tells]({ isManager: role !== "MEMBER", isConcerned })
}

/** Whether a person in this role may ever be told. */
export function mayBeTold(type: NotificationType, role: Role): boolean {
  return isTold(type, role, true) || isTold(type, role, false)
}

/** Whether a person is told over this channel. `preference` is their choice, if they made one. */
export function isOn(type: NotificationType, channel: Channel, preference: boolean | undefined): boolean {
  const rule = NOTIFICATIONS[type]
  const isDefault = channel === "in_app" || rule.isMailed
  return rule.canBeSilenced ? (preference ?? isDefault) : isDefault
}
