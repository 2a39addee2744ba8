import { z } from "zod"
import { contains, filterSchema } from "../world/subject"

export const faultSchema = z.strictObject({
  match: z
    .strictObject({
      method: z.enum(["GET", "POST", "DELETE"]).optional(),
      /** Exact, or with `*` for any run of characters. */
      path: z.string().optional(),
      ...filterSchema.shape,
      body: z.record(z.string(), z.unknown()).optional(),
    })
    .default({}),
  /** Lets this many matching calls pass first. */
  after: z.number().int().nonnegative().default(0),
  times: z.number().int().positive().default(1),
  fault: z.discriminatedUnion("kind", [
    z.strictObject({
      kind: z.literal("status"),
      status: z.number().int().min(400).max(599),
      code: z.string().optional(),
      message: z.string().optional(),
      /** True: the call was processed and only the answer is wrong. */
      effect: z.boolean().default(false),
      /** The value of `stripe-should-retry`, which the SDK obeys. */
      should_retry: z.boolean().optional(),
    }),
    z.strictObject({ kind: z.literal("answer_lost") }),
    z.strictObject({ kind: z.literal("hang"), ms: z.number().int().positive() }),
    z.strictObject({ kind: z.literal("reset") }),
    z.strictObject({ kind: z.literal("bad_json") }),
    z.strictObject({ kind: z.literal("webhook_first") }),
  ]),
})

export type FaultRule = z.infer<typeof faultSchema>
export type Fault = FaultRule["fault"]

export interface SeenCall {
  method: string
  path: string
  customer: string | null
  params: Record<string, unknown>
}

function isGlobMatch(glob: string, path: string): boolean {
  const source = glob.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
  return new RegExp(`^${source.join(".*")}$`).test(path)
}

function matches({ match }: FaultRule, call: SeenCall): boolean {
  if (match.method && match.method !== call.method) return false
  if (match.path && !isGlobMatch(match.path, call.path)) return false
  if (match.customer && match.customer !== call.customer) return false
  if (match.metadata && !contains(call.params.metadata, match.metadata)) return false
  return match.body === undefined || contains(call.params, match.body)
}

/** Deals faults by chance, and counts them by kind. */
export interface FaultsByChance {
  faultOf: (call: SeenCall) => Fault | null
  faults: ReadonlyMap<string, number>
}

export class Faults {
  chance: FaultsByChance | null = null
  private rules: FaultRule[] = []

  add(rule: FaultRule): void {
    this.rules.push(rule)
  }

  clear(): void {
    this.rules = []
  }

  /** Returns the fault of this call, if any. Every matching rule counts the call. */
  take(call: SeenCall): Fault | null {
    let taken: Fault | null = null
    for (const rule of this.rules.filter((each) => matches(each, call))) {
      if (rule.after > 0) rule.after -= 1
      else if (taken === null) {
        taken = rule.fault
        rule.times -= 1
      }
    }
    this.rules = this.rules.filter((rule) => rule.times > 0)
    return taken ?? this.chance?.faultOf(call) ?? null
  }
}
