import type { Dice } from "@/stand-in/faults/dice"

/** The acts of the person who pays, and the bank's answers. */
export type Story =
  | "pays"
  | "pays_after_a_decline"
  | "authenticates"
  | "fails_authentication"
  | "is_declined"
  | "leaves"
  | "cancels"
  | "cancels_while_paying"
  | "processes_and_succeeds"
  | "processes_and_fails"

const STORIES: [Story, share: number][] = [
  ["pays", 0.62],
  ["pays_after_a_decline", 0.05],
  ["authenticates", 0.06],
  ["fails_authentication", 0.03],
  ["is_declined", 0.04],
  ["leaves", 0.05],
  ["cancels", 0.03],
  ["cancels_while_paying", 0.04],
  ["processes_and_succeeds", 0.05],
  ["processes_and_fails", 0.03],
]

/** How the person learns the outcome afterwards. */
export type Return = "never" | "asks" | "asks_twice" | "return_page"

export type PaymentPlan = {
  n: number
  team: number
  /** Whose pool it is, and who pays. */
  buyer: "owner" | "admin"
  /** Whether it is for the team's pool with auto top-up, if there is one, and not for the buyer's own. */
  isForToppedUp: boolean
  /** Every payment of a run has a different amount, which identifies it whatever the product thinks. */
  cents: number
  story: Story
  /** The same request twice, at the same time and to different processes. */
  isAskedTwice: boolean
  returns: Return
  /** How long the bank takes, where it does. */
  bankMs: number
  /** Shares of the amount that are given back, each in a separate refund. */
  refunds: number[]
  /** The outcome if the customer disputes the payment. Null: nobody does. */
  dispute: "open" | "won" | "lost" | null
  /** The units of usage that a program reports afterwards. */
  usage: number | null
  /** The minutes of voice charged to the pool with auto top-up, if any. */
  toppedUpUsage: number | null
  /** The team's other event meanwhile, if it has what that needs. Null: none. */
  aside: Aside | null
  /** Whether a person turns auto top-up on again after a dispute has paused it. */
  resumes: boolean
}

const FIRST_CENTS = 500
/** The amounts of one purchase, $5 to $1,000, and a step that reaches each of them before the first repeats. */
const AMOUNTS = 99_501
const STEP = 31_627

export const MAX_PAYMENTS = AMOUNTS

export function planPayment(dice: Dice, n: number, teams: number): PaymentPlan {
  const about = (what: string) => dice.roll("payment", n, what)
  const refunds = pickRefunds(about("refund"), about("part"))
  return {
    n,
    team: dice.whole(0, teams - 1, "payment", n, "team"),
    buyer: about("buyer") < 0.7 ? "owner" : "admin",
    cents: FIRST_CENTS + ((n * STEP) % AMOUNTS),
    story: pickStory(about("story")),
    isAskedTwice: about("asked twice") < 0.1,
    returns: pickReturn(about("returns")),
    bankMs: dice.whole(50, 1_500, "payment", n, "bank"),
    refunds,
    dispute:
      refunds.length > 0 || about("dispute") >= 0.05 ? null : dice.pick(ENDS, "payment", n, "dispute ends"),
    usage: about("usage") < 0.3 ? dice.whole(1, 20_000, "payment", n, "units") : null,
    toppedUpUsage:
      about("topped-up usage") < 0.2 ? dice.whole(30_000, 90_000, "payment", n, "minutes") : null,
    isForToppedUp: about("pool") < 0.15,
    aside: about("aside") < 0.35 ? dice.pick(ASIDES, "payment", n, "which aside") : null,
    resumes: about("resumes") < 0.7,
  }
}

/** Events of a pool with auto top-up or of a subscription, apart from purchases. */
export type Aside = (typeof ASIDES)[number]
const ASIDES = [
  "holds_and_captures",
  "holds_and_releases",
  "asks_for_far_too_much",
  "saves_again",
  "adds_a_card",
  "top_up_is_refunded",
  "top_up_is_partly_refunded",
  "top_up_is_disputed_and_won",
  "top_up_is_disputed_and_lost",
  "renews",
  "fails_to_renew_and_pays",
  "fails_to_renew",
] as const

const ENDS = ["open", "won", "lost"] as const

function pickStory(roll: number): Story {
  let left = roll
  for (const [story, share] of STORIES) {
    if (left < share) return story
    left -= share
  }
  return "pays"
}

function pickReturn(roll: number): Return {
  if (roll < 0.35) return "never"
  if (roll < 0.65) return "asks"
  return roll < 0.8 ? "asks_twice" : "return_page"
}

function pickRefunds(roll: number, part: number): number[] {
  if (roll < 0.04) return [1]
  if (roll < 0.08) return [0.1 + part * 0.6]
  return roll < 0.1 ? [0.1 + part * 0.3, 0.2] : []
}

export type Kill = { atPayment: number; victim: "app" | "worker" | "driver" | "connections" }

/** Decides what is killed when, by the number of the payment that has just begun. */
export function planKills(
  dice: Dice,
  { payments, kills, drivers, cuts }: Record<"payments" | "kills" | "drivers" | "cuts", number>,
) {
  const at = (what: string, n: number) => dice.whole(1, payments, "kill", what, n)
  const of = (count: number, victim: (n: number) => Kill["victim"]): Kill[] =>
    Array.from({ length: count }, (_, n) => ({ atPayment: at(victim(n), n), victim: victim(n) }))
  return [
    ...of(kills, (n) => dice.pick(["app", "worker"] as const, "victim", n)),
    ...of(drivers, () => "driver"),
    ...of(cuts, () => "connections"),
  ].sort((a, b) => a.atPayment - b.atPayment)
}
