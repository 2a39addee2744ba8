import { LinkButton } from "@/components/ui/link-button"
import { Notice } from "@/components/ui/notice"
import { SupportLink } from "@/components/ui/support-link"

/**
 * `late`: the period isn’t paid. `change_late`: the period is paid, but the difference to a larger plan isn’t.
 * `unpaid` and `paused`: the team is on free because of it. `collection_paused`: nobody is asked to pay.
 */
export type PlanPayment =
  | "fine"
  | "late"
  | "change_late"
  | "unpaid"
  | "paused"
  | "collection_paused"
  | "disputed"

type Tone = "warning" | "danger"

export const PAYMENT_BADGES: Partial<Record<PlanPayment, { text: string; tone: Tone }>> = {
  late: { text: "Payment failed", tone: "warning" },
  change_late: { text: "Payment failed", tone: "warning" },
  unpaid: { text: "Unpaid", tone: "danger" },
  paused: { text: "Paused", tone: "warning" },
  collection_paused: { text: "Paused", tone: "warning" },
  disputed: { text: "Disputed", tone: "warning" },
}

type NoticeWords = {
  title: string
  text: string
  /** Completes "Contact support": the act that only the operator can do. */
  support?: string
  tone: Tone
}

const NOTICES: Partial<Record<PlanPayment, NoticeWords>> = {
  late: {
    title: "Your last payment failed",
    text: "This period’s allowances and included credits start once the invoice is paid. Until then, usage is paid from your own credits at the plan’s rates.",
    tone: "warning",
  },
  change_late: {
    title: "Your last payment failed",
    text: "What the larger plan adds starts once the invoice is paid. What you had before stays.",
    tone: "warning",
  },
  unpaid: {
    title: "Your subscription isn’t paid",
    text: "Your team is on Free until the open invoice is paid.",
    tone: "danger",
  },
  paused: {
    title: "Your subscription is paused",
    text: "Your team is on Free until it is resumed.",
    support: "to resume it.",
    tone: "warning",
  },
  collection_paused: {
    title: "Payments for your plan are paused",
    text: "This period gives no allowances and no included credits. Usage is paid from your own credits at the plan’s rates.",
    support: "to resume payments.",
    tone: "warning",
  },
  disputed: {
    title: "The payment for this period is disputed",
    text: "What is left of the period is withheld and returns if the dispute is won. Until then, usage is paid from your own credits at the plan’s rates.",
    tone: "warning",
  },
}

const CAN_PAY: PlanPayment[] = ["late", "change_late", "unpaid"]

type PaymentNoticeProps = { payment: PlanPayment; invoiceHref: string | null; supportHref: string | null }

/** Says what is wrong with the plan's payment, what it means and what to do. Renders nothing when all is well. */
export function PaymentNotice({ payment, invoiceHref, supportHref }: PaymentNoticeProps) {
  const notice = NOTICES[payment]
  if (!notice) return null
  const pay = invoiceHref !== null && CAN_PAY.includes(payment) && (
    <LinkButton href={invoiceHref} size="small" variant="primary">
      Pay invoice
    </LinkButton>
  )
  return (
    <Notice action={pay || undefined} title={notice.title} tone={notice.tone}>
      {notice.text}
      {notice.support && (
        <>
          {" "}
          <SupportLink href={supportHref}>Contact support</SupportLink> {notice.support}
        </>
      )}
    </Notice>
  )
}
