"use client"

import { useRouter } from "next/navigation"
import { useState } from "react"
import type { SaveMembersSeeCosts } from "@/components/team-settings/team-settings-types"
import { Field } from "@/components/ui/field"
import { Select } from "@/components/ui/select"
import { showToast } from "@/components/ui/show-toast"
import { useAction } from "@/components/ui/use-action"

type MembersSeeFieldProps = { seesCosts: boolean; saveMembersSeeCosts: SaveMembersSeeCosts }

const UNREACHABLE = "It couldn’t be saved. Check your connection, then try again."

/** Saved at once. */
export function MembersSeeField({ seesCosts, saveMembersSeeCosts }: MembersSeeFieldProps) {
  const router = useRouter()
  const [chosen, setChosen] = useState(seesCosts)
  const { refusal, call } = useAction(saveMembersSeeCosts, { unreachable: UNREACHABLE })

  async function choose(sees: boolean) {
    setChosen(sees)
    const result = await call({ seesCosts: sees })
    if (!result?.ok) return setChosen(!sees)
    showToast({ tone: "done", title: "Saved." })
    router.refresh()
  }

  return (
    <Field
      error={refusal?.message ?? null}
      hint="Only ever their own usage. Owners and Admins see everybody’s, with costs."
      id="members-see"
      label="What Members see of their usage"
    >
      {(control) => (
        <Select
          {...control}
          name="membersSee"
          onChange={(event) => choose(event.target.value === "costs")}
          value={chosen ? "costs" : "units"}
        >
          <option value="units">Units only</option>
          <option value="costs">Units and costs</option>
        </Select>
      )}
    </Field>
  )
}
