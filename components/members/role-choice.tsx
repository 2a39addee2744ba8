import { Radio, RadioGroup } from "@/components/ui/radio"
import { GIVEN_ROLES, type GivenRole, ROLE_WORDS } from "@/lib/members/schema"

type RoleChoiceProps = { id: string; chosen: GivenRole; onChoose: (role: GivenRole) => void }

export function RoleChoice({ id, chosen, onChoose }: RoleChoiceProps) {
  return (
    <RadioGroup legend="Role">
      {GIVEN_ROLES.map((role) => (
        <Radio
          checked={role === chosen}
          detail={ROLE_WORDS[role].sentence}
          id={`${id}-${role}`}
          key={role}
          label={ROLE_WORDS[role].title}
          name={id}
          onChoose={() => onChoose(role)}
        />
      ))}
    </RadioGroup>
  )
}
