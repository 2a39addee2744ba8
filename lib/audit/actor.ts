/** A person who acts as a member of the team, from which address. */
export type MemberActor = {
  kind?: "member"
  memberId: string
  userId: string
  email: string
  address: string
}

/** Who does something in a team. `system`: nobody asked for it at that moment. */
export type Actor = MemberActor | { kind: "api_key"; apiKeyId: string } | { kind: "system" }
