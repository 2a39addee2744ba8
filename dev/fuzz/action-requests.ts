import type { ServerAction } from "../testing/actions"
import { SESSION_COOKIE } from "../testing/sessions"
import type { Luck } from "./luck"
import { oddHeaders } from "./page-requests"
import type { FuzzRequest } from "./send"
import { strangePart, strangeText, strangeValue, toHeader } from "./strange"

/** They end the session that the others need. */
const ENDS_SESSION = /^(signOut|signOutEverywhere|continueAs|signInByLink|endSession|endSessions)/
const FIELDS = [
  ...[
    "amount",
    "requestKey",
    "poolId",
    "purchaseId",
    "name",
    "scopes",
    "apiKeyId",
    "url",
    "types",
    "endpointId",
  ],
  ...[
    "deliveryId",
    "enabled",
    "version",
    "threshold",
    "cap",
    "agreedCharge",
    "paymentMethodId",
    "setupIntentId",
  ],
  ...["makeDefault", "plan", "quantity", "type", "channel", "notificationIds", "sessionId", "email"],
]
const BOUNDARY = "----fuzz"

type Person = { slug: string; session: string; origin: string }

/** Calls every server action with input that no page sends, in requests that look like our pages'. */
export function actionRequests(actions: ServerAction[], { slug, session, origin }: Person) {
  const pathOf = (luck: Luck) =>
    luck.pick([
      `/${slug}/settings/account/billing`,
      `/${slug}/settings/webhooks`,
      "/sign-in",
      "/teams",
      "/",
      `/${strangePart(luck).replaceAll("?", "")}`,
    ])
  return (luck: Luck): FuzzRequest => {
    const action = luck.pick(actions)
    const isSignedIn = !ENDS_SESSION.test(action.name) && luck.chance(0.85)
    const id = luck.chance(0.95)
      ? action.id
      : toHeader(luck.chance(0.5) ? `${"0".repeat(42)}` : strangeText(luck))
    const args = argsOf(luck, slug)
    const way = luck.roll()
    const body =
      way < 0.75 ? textBody(luck, args) : way < 0.9 ? partsBody(luck, args) : formBody(luck, id, args)
    const isForm = way >= 0.9
    return {
      kind: `action ${action.name}`,
      method: luck.chance(0.99) ? "POST" : luck.pick(["GET", "PUT", "TRACE", "OPTIONS"]),
      path: pathOf(luck),
      headers: {
        ...(isSignedIn && { cookie: `${SESSION_COOKIE}=${session}` }),
        ...(luck.chance(0.95) && { origin }),
        ...(!isForm && { "next-action": id }),
        "content-type":
          way < 0.75
            ? "text/plain;charset=UTF-8"
            : `multipart/form-data; boundary=${luck.chance(0.97) ? BOUNDARY : ""}`,
        ...(luck.chance(0.1) && oddHeaders(luck)),
      },
      body,
    }
  }
}

function argsOf(luck: Luck, slug: string): unknown[] {
  const input = luck.chance(0.7)
    ? Object.fromEntries(luck.times(0, 5, () => [luck.pick(FIELDS), strangeValue(luck)]))
    : strangeValue(luck)
  const first = luck.chance(0.75) ? slug : strangeValue(luck)
  return luck.chance(0.9) ? [first, input] : luck.times(0, 5, () => strangeValue(luck))
}

function textBody(luck: Luck, args: unknown[]): string {
  const text = JSON.stringify(args)
  if (luck.chance(0.05)) return text.slice(0, Math.floor(luck.roll() * text.length))
  if (luck.chance(0.03)) return strangeText(luck)
  return luck.chance(0.02) ? "[".repeat(5_000) : text
}

/** Encodes arguments as React does when they have files or forms: parts with numbers for names. */
function partsBody(luck: Luck, args: unknown[]): string {
  return multipart(luck, [
    ["0", JSON.stringify(luck.chance(0.5) ? args : ["$K1", "$@2", "$F3", "$Q4"])],
    ...luck.times(0, 4, (): [string, string] => [
      luck.pick(["1", "2", "3", "4", "1_name", "1_email", strangeText(luck)]),
      luck.chance(0.6) ? (JSON.stringify(strangeValue(luck)) ?? "") : strangeText(luck),
    ]),
  ])
}

/** Encodes a form as a page without scripts sends it: a field names the action. */
function formBody(luck: Luck, id: string, args: unknown[]): string {
  const bound = JSON.stringify({ id, bound: luck.chance(0.7) ? "$@1" : strangeValue(luck) })
  const name = luck.pick([`$ACTION_ID_${id}`, "$ACTION_REF_1", `$ACTION_${strangeText(luck)}`, "x"])
  return multipart(luck, [
    [name, ""],
    ["$ACTION_1:0", luck.chance(0.8) ? bound : strangeText(luck)],
    ["$ACTION_1:1", JSON.stringify(args)],
    [luck.pick(["name", "email", "next"]), strangeText(luck)],
    ...(luck.chance(0.3) ? [["$ACTION_KEY", strangeText(luck)] as [string, string]] : []),
  ])
}

function multipart(luck: Luck, fields: [name: string, value: string][]): string {
  const parts = fields.map(
    ([name, value]) =>
      `--${BOUNDARY}\r\ncontent-disposition: form-data; name="${name.replace(/["\r\n]/g, encodeURIComponent)}"\r\n\r\n${value}\r\n`,
  )
  return `${parts.join("")}${luck.chance(0.95) ? `--${BOUNDARY}--\r\n` : ""}`
}
