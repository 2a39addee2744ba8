import { ApprovalRuleButton } from "@/components/auto-top-up/approval-rule-button"
import type { Approval, ApprovalActions } from "@/components/auto-top-up/approval-types"
import { changesInWords, ruleInWords } from "@/components/auto-top-up/approval-words"
import { AutoTopUpButton } from "@/components/auto-top-up/auto-top-up-button"
import { AutoTopUpSection } from "@/components/auto-top-up/auto-top-up-section"
import type {
  Hindrance,
  Method,
  ResumeCharge,
  SettingsDialogData,
} from "@/components/auto-top-up/auto-top-up-types"
import { ConfirmPaymentButton } from "@/components/auto-top-up/confirm-payment-button"
import { PendingApprovals } from "@/components/auto-top-up/pending-approvals"
import { ResumeButton } from "@/components/auto-top-up/resume-button"
import { AddMethodButton } from "@/components/payment-methods/add-method-button"
import type { Approvals, PendingApproval } from "@/lib/auto-top-up/approval-queries"
import type { AutoTopUp as Overview } from "@/lib/auto-top-up/queries"
import { toPublicId } from "@/lib/ids"
import type { PaymentMethod } from "@/lib/payment-methods/queries"
import type { Viewer } from "@/lib/web/require-member"
import { addingActions } from "./adding-actions"
import { approveChange, declineChange, saveApprovalRule, withdrawChange } from "./approval-actions"
import {
  finishAuthentication,
  readAuthentication,
  readUsage,
  resumeAutoTopUp,
  saveAutoTopUp,
} from "./auto-top-up-actions"
import { setDefaultPaymentMethod } from "./payment-method-actions"
import { stripeConfig } from "./stripe-config"

type Props = {
  viewer: Viewer
  pool: {
    id: string
    isLow: boolean
    /** True when the holder has left the team. */
    isLeftBehind: boolean
    ownerName: string | null
  }
  overview: Overview
  approvals: Approvals
  /** The methods that the team can be charged with, the default first. */
  paymentMethods: PaymentMethod[]
  now: string
}

/** A pool's auto top-up, for those who may see its credits. */
export function AutoTopUp({ viewer, pool, overview, approvals, paymentMethods, now }: Props) {
  const { slug } = viewer.team
  const { settings, cap, committedNanos } = overview
  const poolId = toPublicId("pool", pool.id)
  const methods = paymentMethods.map(toMethod)
  const method = methods.find(({ isDefault }) => isDefault) ?? null
  const hindrance = toHindrance(overview)
  const resumeCharge = toResumeCharge(overview)
  const data: SettingsDialogData = {
    poolId,
    ownerName: pool.ownerName,
    settings: settings && {
      enabled: settings.enabled,
      thresholdNanos: settings.thresholdNanos,
      amountNanos: settings.amountNanos,
      version: settings.version,
    },
    methods,
    outlook: overview.outlook,
    cap,
    approvalAboveNanos: approvals.rule.aboveNanos,
    stripe: stripeConfig(),
    actions: {
      readUsage: readUsage.bind(null, slug),
      saveSettings: saveAutoTopUp.bind(null, slug),
      resume: resumeAutoTopUp.bind(null, slug),
      setDefault: setDefaultPaymentMethod.bind(null, slug),
      ...addingActions(slug),
    },
  }
  return (
    <AutoTopUpSection
      approvalButton={
        <ApprovalRuleButton rule={approvals.rule} saveRule={saveApprovalRule.bind(null, slug)} />
      }
      approvals={
        <PendingApprovals
          actions={approvalActions(slug)}
          approvals={approvals.pending.map((each) =>
            toApproval(each, viewer.member.id, pool.ownerName !== null),
          )}
          now={now}
        />
      }
      capButton={
        <AutoTopUpButton data={data} look="link" opensAt="cap">
          {cap.capNanos === null ? "Set a monthly cap" : "Change the monthly cap"}
        </AutoTopUpButton>
      }
      capNanos={cap.capNanos}
      committedNanos={committedNanos}
      hindrance={hindrance}
      historyHref={`/${slug}/settings/account/billing/auto-top-up?pool=${poolId}`}
      isLeftBehind={pool.isLeftBehind}
      isComing={pool.isLow && (overview.decision?.kind === "charge" || hindrance?.reason === "attempt_open")}
      method={method}
      now={now}
      remedy={
        hindrance && <Remedy data={data} hindrance={hindrance} resumeCharge={resumeCharge} slug={slug} />
      }
      resumeCharge={resumeCharge}
      settings={settings}
      waitsForUsage={isNotDue(overview)}
      settingsButton={
        <AutoTopUpButton data={data} look="button" opensAt="switch">
          {settings?.enabled ? "Manage" : "Enable"}
        </AutoTopUpButton>
      }
    />
  )
}

function approvalActions(slug: string): ApprovalActions {
  return {
    approve: approveChange.bind(null, slug),
    decline: declineChange.bind(null, slug),
    withdraw: withdrawChange.bind(null, slug),
    saveRule: saveApprovalRule.bind(null, slug),
  }
}

function toApproval(pending: PendingApproval, memberId: string, hasSeveralPools: boolean): Approval {
  const { id, pool, askedBy, askedByMemberId, isOvertaken, change, aboveNanos, askedAt, expiresAt } = pending
  return {
    id: toPublicId("apv", id),
    askedBy,
    isOwn: askedByMemberId === memberId,
    isOvertaken,
    whose: (hasSeveralPools && pool?.holder) || null,
    changes: change
      ? changesInWords({ settings: change.now, capNanos: change.nowCapNanos }, change.to)
      : [ruleInWords(aboveNanos)],
    askedAt: askedAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  }
}

type RemedyProps = {
  hindrance: Hindrance
  resumeCharge: ResumeCharge | null
  data: SettingsDialogData
  slug: string
}

function Remedy({ hindrance, resumeCharge, data, slug }: RemedyProps) {
  const { poolId } = data
  const resumeButton = <ResumeButton charge={resumeCharge} poolId={poolId} resume={data.actions.resume} />
  const addButton = (
    <AddMethodButton
      actions={addingActions(slug)}
      hasDefault={data.methods.some(({ isDefault }) => isDefault)}
      isInNotice
      stripe={stripeConfig()}
    />
  )
  switch (hindrance.reason) {
    case "no_payment_method":
    case "card_expired":
      return <div className="flex">{addButton}</div>
    case "paused":
      return <div className="flex flex-wrap items-center gap-2">{resumeButton}</div>
    case "suspended_card":
      return (
        <div className="flex flex-wrap items-center gap-2">
          {resumeButton}
          {addButton}
        </div>
      )
    case "cap_reached":
      return (
        <div className="flex">
          <AutoTopUpButton data={data} look="small" opensAt="cap">
            Raise the cap
          </AutoTopUpButton>
        </div>
      )
    case "authentication_required":
      return (
        <div className="flex flex-wrap items-center gap-2">
          <ConfirmPaymentButton
            actions={{
              readAuthentication: readAuthentication.bind(null, slug),
              finishAuthentication: finishAuthentication.bind(null, slug),
            }}
            poolId={poolId}
            stripe={stripeConfig()}
          />
        </div>
      )
    default:
      return null
  }
}

function toMethod(method: PaymentMethod): Method {
  const { id, name, spokenName, expires, isDefault } = method
  const isExpired = expires?.state === "expired"
  return {
    id,
    // Keeps the last digits together with the name where a sentence breaks.
    name: name.replace(/ •••• /, "\u00a0••••\u00a0"),
    spokenName,
    expires: expires && { on: expires.on, isExpired },
    isDefault,
    unusable: isDefault ? null : whyUnusable(method),
  }
}

function whyUnusable({ expires, canBeDefault }: PaymentMethod): string | null {
  if (expires?.state === "expired") return "An expired card can’t be the default."
  return canBeDefault ? null : "Can’t be the default: it needs you for each payment."
}

function isNotDue({ decision, whenLow }: Overview): boolean {
  return decision?.kind === "no" && decision.reason === "not_due" && whenLow?.kind === "charge"
}

function toResumeCharge({ whenResumed, outlook }: Overview): ResumeCharge | null {
  if (whenResumed?.kind !== "charge" || outlook.paymentMethodId === null) return null
  return { amountNanos: whenResumed.amountNanos, paymentMethodId: outlook.paymentMethodId }
}

function toHindrance({ whenLow, lastFailure, open }: Overview): Hindrance | null {
  if (whenLow?.kind !== "no") return null
  return {
    reason: whenLow.reason,
    until: whenLow.until?.toISOString() ?? null,
    failure: lastFailure,
    amountNanos: open?.amountNanos ?? null,
  }
}
