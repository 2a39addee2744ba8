import { formatTimeIn, formatUtcDay } from "@/lib/format-time"
import { formatBalance, formatUsd, fromDecimalString } from "@/lib/money/usd"
import type { ApprovableChange, NotificationData, NotificationType } from "./types"

export type Told = {
  [Type in NotificationType]: { type: Type; data: NotificationData[Type]; poolId: string | null }
}[NotificationType]

export type Words = {
  title: string
  body: string
  /** The page where it can be mended or looked at, below the team's address, and its button's label. */
  action: { label: string; path: string }
}

const BILLING = "settings/account/billing"

export type Reader = {
  /** The holder of the pool, where a team has several pools. */
  poolName: string | null
  /** Whether the reader can mend it. */
  canBuy: boolean
  /** Whether it is the reader whom it concerns. */
  isConcerned?: boolean
  /** The zone of its hours. Null: UTC. */
  timeZone?: string | null
}

/** Puts a notification into words for its reader. */
export function inWords(told: Told, { poolName, canBuy, isConcerned = false, timeZone }: Reader): Words {
  const pool = told.poolId ? `?pool=${told.poolId}` : ""
  const at = (label: string, path = BILLING) => ({ label, path: `${path}${pool}` })
  const hour = (iso: string) => formatTimeIn(new Date(iso), timeZone ?? "UTC")
  const of = poolName ? ` of ${poolName}` : ""
  switch (told.type) {
    case "credit_balance_low":
      return {
        title: `The balance${of} is low: ${left(told.data.balance)}`,
        body: `It is at or below the threshold of ${usd(told.data.threshold)}. When it is used up, usage is refused.`,
        action: at(canBuy ? "Add credits" : "See the balance"),
      }
    case "credit_balance_depleted":
      return {
        title: `The credits${of} are used up`,
        body: "Usage is refused until credits are added or the included credits renew.",
        action: at(canBuy ? "Add credits" : poolName === null ? "See the balance" : "Request credits"),
      }
    case "credit_auto_recharge_triggered":
      return {
        title: `${usd(told.data.amount)} added by auto top-up`,
        body: `The balance${of} is now ${left(told.data.balance)}.`,
        action: at("View transactions", `${BILLING}/transactions`),
      }
    case "credit_purchase_succeeded":
      return {
        title: `${usd(told.data.amount)} of credits purchased`,
        body: `The balance${of} is now ${left(told.data.balance)}.`,
        action: at("View transactions", `${BILLING}/transactions`),
      }
    case "credit_purchase_failed":
      return {
        title:
          told.data.kind === "auto_top_up"
            ? `An auto top-up of ${usd(told.data.amount)} failed`
            : `A purchase of ${usd(told.data.amount)} failed`,
        body: `${told.data.reason} ${told.data.retry_at ? `It is tried again at ${hour(told.data.retry_at)}.` : "Nothing was charged."}`,
        action: at("Open billing"),
      }
    case "credit_payment_action_required":
      return {
        title: `Confirm a payment of ${usd(told.data.amount)}`,
        body: `The bank wants somebody to confirm this auto top-up by ${hour(told.data.expires_at)}. Nothing is charged until then.`,
        action: at("Confirm payment"),
      }
    case "credit_auto_recharge_suspended":
      return {
        title: `Auto top-up${of} is suspended`,
        body: `${told.data.failures > 1 ? `The card failed ${told.data.failures} times in a row. ` : ""}${told.data.reason} Add another card, or resume it.`,
        action: at("Open billing"),
      }
    case "credit_spend_cap_reached":
      return {
        title:
          told.data.percent === 100
            ? `The monthly cap of ${usd(told.data.cap)} is reached`
            : `${told.data.percent}% of the monthly cap of ${usd(told.data.cap)} is used`,
        body: `Auto top-ups have added ${usd(told.data.committed)} this month. ${
          told.data.percent === 100
            ? "They pause until the cap is raised or the month ends."
            : "At the cap they pause."
        }`,
        action: at(told.data.percent === 100 ? "Raise the cap" : "Open billing"),
      }
    case "credit_spend_limit_reached": {
      const { percent, limit, used, refuses } = told.data
      const which = limitInWords(told.data, isConcerned)
      return {
        title:
          percent === 100
            ? `${which.replace(/^[ty]/, (first) => first.toUpperCase())} is reached: ${usd(limit)}`
            : `${percent}% of ${which} is used`,
        body: `${usd(used)} of ${usd(limit)} was used this month. ${
          !refuses
            ? "Usage goes on."
            : percent === 100
              ? "More is refused until the limit is raised or the month ends (UTC)."
              : "At the limit, usage is refused."
        }`,
        action: canBuy
          ? { label: percent === 100 ? "Raise the limit" : "Open limits", path: "settings/limits" }
          : at("See the balance"),
      }
    }
    case "approval_requested":
      return {
        title: `${told.data.name} asks for your approval`,
        body: `${changeInWords(told.data.change, of)} Nothing changes unless another Owner or Admin approves it by ${hour(told.data.expires_at)}.`,
        action: at("Review the change"),
      }
    case "approval_answered": {
      const { answer, answered_by, change } = told.data
      const [title, body] = {
        approved: ["Your change was approved", `${answered_by} approved it, and it applies from now on.`],
        declined: ["Your change was declined", `${answered_by} declined it. Nothing has changed.`],
        overtaken: [
          "Your change was overtaken",
          "Something else had been changed since you asked for it, so nothing was changed. Ask again if you still want it.",
        ],
      }[answer] as [string, string]
      return { title, body: `${changeInWords(change, of)} ${body}`, action: at("Open billing") }
    }
    case "credit_requested": {
      const { name, amount, reason, is_changed } = told.data
      return {
        title: is_changed ? `${name} now asks for ${usd(amount)}` : `${name} asks for ${usd(amount)}`,
        body: `“${reason}”. Approve it from your own bought credits, with another amount if you like, or decline it.`,
        action: { label: "Answer the request", path: BILLING },
      }
    }
    case "credit_request_answered": {
      const { answer, asked, granted, word, answered_by } = told.data
      return {
        title: `Your request for ${usd(asked)} was ${answer}`,
        body:
          granted !== null
            ? `${answered_by} moved ${usd(granted)} to your pool.`
            : word === null
              ? `${answered_by} declined it.`
              : `${answered_by}: “${word}”`,
        action: at("See the balance"),
      }
    }
    case "webhook_endpoint_disabled":
      return {
        title: `Webhooks to ${told.data.host} are turned off`,
        body:
          told.data.reason === "gone"
            ? "It answered that it is gone. Turn it on again once it is back."
            : "Nothing has reached it for five days. Turn it on again once it answers.",
        action: { label: "Open webhooks", path: "settings/webhooks" },
      }
    case "plan_payment_failed":
      return {
        title: `The payment for your ${told.data.plan} plan failed`,
        body:
          told.data.kind === "renewal"
            ? "This period’s allowances and included credits start once the invoice is paid. Until then, usage is paid from your own credits at the plan’s rates."
            : "What the larger plan adds starts once the invoice is paid. What you had before stays.",
        action: {
          label: `Pay invoice (${usd(told.data.amount)})`,
          path: `${BILLING}/invoices/${encodeURIComponent(told.data.invoice_id)}`,
        },
      }
    case "credit_refunded": {
      const { amount, paid, balance, auto_top_up } = told.data
      const what = paid.kind === "auto_top_up" ? "auto top-up" : "purchase"
      return {
        title: `${usd(amount)} of credits taken back by a refund`,
        body: `Your ${what} of ${usd(paid.amount)} on ${formatUtcDay(new Date(paid.at))} was refunded. The balance${of} is now ${left(balance)}.${
          auto_top_up ? " Auto top-up stays on: it adds credits when usage needs them." : ""
        }`,
        action: at("View transactions", `${BILLING}/transactions`),
      }
    }
    case "credit_statement_ready": {
      const { month, used, bought, closing } = told.data
      return {
        title: `Your statement for ${monthName(month)} is ready`,
        body: `${usd(used)} of credits were used and ${usd(bought)} bought. The closing balance is ${left(closing)}.`,
        action: { label: "View statement", path: `${BILLING}/statements/${month}` },
      }
    }
    case "credit_dispute_opened":
      return {
        title: `A payment of ${usd(told.data.amount)} was disputed`,
        body: `${told.data.reason} ${withheldBy(told.data)}`.trim(),
        action: told.data.paid_for === "plan" ? at("See the plan", `${BILLING}/plan`) : at("Open billing"),
      }
  }
}

/** `of`: whose pool, where a team has several. */
function changeInWords(change: ApprovableChange, of: string): string {
  if ("above" in change)
    return change.above === null
      ? "Approval of higher caps and amounts: no longer required."
      : `Approval of higher caps and amounts: required only above ${usd(change.above)}.`
  const { enabled, threshold, amount, cap } = change
  const capped = cap === null ? "no monthly cap" : `a monthly cap of ${usd(cap)}`
  return enabled
    ? `Auto top-up${of}: ${usd(amount)} when the balance is at or below ${usd(threshold)}, with ${capped}.`
    : `Auto top-up${of}: off, with ${capped}.`
}

function limitInWords(
  { of: kind, name }: NotificationData["credit_spend_limit_reached"],
  isConcerned: boolean,
): string {
  if (kind === "member") return isConcerned ? "your monthly limit" : `the monthly limit of ${name}`
  return `the monthly limit ${kind === "owner" ? "for keys and schedules" : `of “${name}”`}`
}

/** Names what a dispute withholds. Older rows don't know what the payment was for and say nothing of it. */
function withheldBy({ paid_for, purchase_id }: NotificationData["credit_dispute_opened"]): string {
  if (paid_for === "credits" || purchase_id !== null)
    return "Its credits are taken back and return if the dispute is won."
  if (paid_for === "plan")
    return "What is left of the period that it paid for is withheld and returns if the dispute is won. Your own credits still work. If it was a mistake, ask your bank to withdraw it."
  return ""
}

/** `November 2026` */
const monthName = (month: string) =>
  `${formatUtcDay(new Date(`${month}-01T00:00:00Z`)).split(" ")[1]} ${month.slice(0, 4)}`

const usd = (decimal: string) => formatUsd(fromDecimalString(decimal))
/** Rounds a balance down. A word joiner after a minus sign keeps the two on one line. */
const left = (decimal: string) => formatBalance(fromDecimalString(decimal)).replace("−", "−\u2060")
