import type { NotificationType } from "@/lib/notifications/types"
import type { ActionResult } from "@/lib/web/action-result"
import type { NewSecret } from "@/lib/webhooks/schema"

export type EndpointState = "on" | "failing" | "slow" | "off_by_hand" | "off_gone" | "off_failing"

export type EndpointEntry = {
  id: string
  url: string
  types: NotificationType[]
  state: EndpointState
  /** Null if the maker isn't known. */
  createdBy: { name: string; hasLeft: boolean } | null
}

type Ref = { endpointId: string }
export type CreateEndpoint = (input: {
  url: string
  types: NotificationType[]
}) => Promise<ActionResult<NewSecret>>

export type EndpointActions = {
  saveTypes: (input: Ref & { types: NotificationType[] }) => Promise<ActionResult<void>>
  rotateSecret: (input: Ref) => Promise<ActionResult<NewSecret>>
  setEnabled: (input: Ref & { enabled: boolean }) => Promise<ActionResult<void>>
  remove: (input: Ref) => Promise<ActionResult<void>>
  sendTest: (input: Ref) => Promise<ActionResult<string>>
}

export type DeliveryEntry = {
  id: string
  type: string
  body: string
  status: "waiting" | "delivered" | "failed" | "cancelled"
  nextTryAt: string
  createdAt: string
  tries: {
    id: string
    triedAt: string
    tookMs: number
    answerStatus: number | null
    answerBody: string | null
    error: string | null
  }[]
}

export const STATE_WORDS: Record<EndpointState, { word: string; tone: "accent" | "warning" | "neutral" }> = {
  on: { word: "On", tone: "accent" },
  failing: { word: "Failing", tone: "warning" },
  slow: { word: "Slow", tone: "warning" },
  off_by_hand: { word: "Off", tone: "neutral" },
  off_gone: { word: "Off: gone", tone: "warning" },
  off_failing: { word: "Off: failing", tone: "warning" },
}

/** `by Ada Marlow, who left the team` */
export const byWhom = ({ name, hasLeft }: { name: string; hasLeft: boolean }) =>
  `by ${name}${hasLeft ? ", who left the team" : ""}`
