import type { ReactNode } from "react"
import { ReferenceTable } from "@/components/reference/reference-table"
import { Code } from "@/components/ui/code"

const ROWS: { trigger: string; of: string; selfServe: ReactNode }[] = [
  { trigger: "user", of: "A person starts it, in chat or on the Runs page", selfServe: "That person’s pool" },
  {
    trigger: "api_key",
    of: "A program starts it; also when no trigger is named",
    selfServe: "The Owner’s pool",
  },
  { trigger: "schedule", of: "A schedule starts it", selfServe: "The Owner’s pool" },
  {
    trigger: "integration",
    of: "Slack, Linear or another integration starts it",
    selfServe: "The pool of the person it acts for; the Owner’s if that person isn’t known",
  },
]

/** Who is billed, by plan and trigger. */
export function WhoIsBilledTable() {
  return (
    <ReferenceTable
      caption="Who is billed, by trigger and plan"
      columns={[{ name: "Trigger" }, { name: "Free, Build, Max, Business" }, { name: "Enterprise" }]}
      rows={ROWS.map(({ trigger, of, selfServe }) => ({
        key: trigger,
        cells: [
          <div key="trigger">
            <Code>{trigger}</Code>
            <p className="mt-1 text-caption font-normal text-muted">{of}</p>
          </div>,
          selfServe,
          "The team’s pool",
        ],
      }))}
    />
  )
}
