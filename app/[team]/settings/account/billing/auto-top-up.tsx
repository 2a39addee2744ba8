import { AutoTopUpButton } from "@/components/auto-top-up/auto-top-up-button"
import { AutoTopUpSection } from "@/components/auto-top-up/auto-top-up-section"
import type { Hindrance, Method } from "@/components/auto-top-up/auto-top-up-types"
import { ConfirmPaymentButton } from "@/components/auto-top-up/confirm-payment-button"
import { ResumeButton } from "@/components/auto-top-up/resume-button"
import { SpendCapButton } from "@/components/auto-top-up/spend-cap-button"
import { AddMethodButton } from "@/components/payment-methods/add-method-button"
import { getAutoTopUp, type AutoTopUp as Overview } from "@/lib/auto-top-up/queries"
import { toPublicId } from "@/lib/ids"
import type { PaymentMethod } from "@/lib/payment-methods/queries"
import { pageCtx } from "@/lib/web/page-ctx"
import { readersNow } from "@/lib/web/readers-now"
import type { Viewer } from "@/lib/web/require-member"
import { addingActions } from "./adding-actions"
import {
  finishAuthentication,
  readAuthentication,
  readUsage,
  resumeAutoTopUp,
  saveAutoTopUp,
  saveCap,
} from "./auto-top-up-actions"
import { stripeConfig } from "./stripe-config"

type Props = { viewer: Viewer; pool: { id: string; isLow: boolean; ownerName: string | null } }

/** A pool's auto top-up, for those who may see its credits. */
export async function AutoTopUp({ viewer, pool }: Props) {
  const { id: teamId, slug } = viewer.team
  const { db, now } = pageCtx()
  const overview = await getAutoTopUp(db, { teamId, poolId: pool.id }, now)
  const { settings, cap, committedNanos } = overview
  const poolId = toPublicId("pool", pool.id)
  const method = overview.method && toMethod(overview.method)
  const hindrance = toHindrance(overview)
  return (
    <AutoTopUpSection
      capButton={
        <SpendCapButton
          cap={cap}
          committedNanos={committedNanos}
          look="link"
          saveCap={saveCap.bind(null, slug)}
        >
          {cap.capNanos === null ? "Set a monthly cap" : "Change the monthly cap"}
        </SpendCapButton>
      }
      capNanos={cap.capNanos}
      committedNanos={committedNanos}
      hindrance={hindrance}
      isComing={pool.isLow && (overview.whenLow?.kind === "charge" || hindrance?.reason === "attempt_open")}
      historyHref={`/${slug}/settings/account/billing/auto-top-up?pool=${poolId}`}
      method={method}
      now={await readersNow(now)}
      remedy={hindrance && <Remedy hindrance={hindrance} overview={overview} poolId={poolId} slug={slug} />}
      settings={settings}
      settingsButton={
        <AutoTopUpButton
          data={{
            poolId,
            ownerName: pool.ownerName,
            settings: settings && {
              enabled: settings.enabled,
              thresholdNanos: settings.thresholdNanos,
              amountNanos: settings.amountNanos,
              version: settings.version,
            },
            method,
            cap,
            stripe: stripeConfig(),
            actions: {
              readUsage: readUsage.bind(null, slug),
              saveSettings: saveAutoTopUp.bind(null, slug),
              ...addingActions(slug),
            },
          }}
        />
      }
    />
  )
}

function Remedy(props: { hindrance: Hindrance; overview: Overview; poolId: string; slug: string }) {
  const { hindrance, overview, poolId, slug } = props
  const addButton = (
    <AddMethodButton
      actions={addingActions(slug)}
      hasDefault={overview.method !== null}
      stripe={stripeConfig()}
    />
  )
  switch (hindrance.reason) {
    case "no_payment_method":
    case "card_expired":
      return <div className="flex">{addButton}</div>
    case "suspended_card":
      return (
        <div className="flex flex-wrap items-center gap-2">
          <ResumeButton resume={resumeAutoTopUp.bind(null, slug, { poolId })} />
          {addButton}
        </div>
      )
    case "cap_reached":
      return (
        <SpendCapButton
          cap={overview.cap}
          committedNanos={overview.committedNanos}
          look="button"
          saveCap={saveCap.bind(null, slug)}
        >
          Raise the cap
        </SpendCapButton>
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

function toMethod({ name, spokenName, expires }: PaymentMethod): Method {
  return { name, spokenName, expires: expires && { on: expires.on, isExpired: expires.state === "expired" } }
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
