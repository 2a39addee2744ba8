import type { DeleteAccount } from "@/components/account/account-types"
import { DeleteAccountButton } from "@/components/account/delete-account-button"
import { Card, CardHeader, CardSection, CardTitle } from "@/components/ui/card"
import { ownedTeamsSentence } from "@/lib/account/schema"

type DeleteAccountCardProps = { email: string; ownedTeams: string[]; deleteAccount: DeleteAccount }

export function DeleteAccountCard({ email, ownedTeams, deleteAccount }: DeleteAccountCardProps) {
  return (
    <Card labelledBy="delete-account-title">
      <CardHeader>
        <CardTitle id="delete-account-title">Delete account</CardTitle>
      </CardHeader>
      <CardSection className="flex flex-col items-start gap-4 pt-2">
        <p className="text-muted wrap-anywhere">
          {ownedTeams.length > 0
            ? ownedTeamsSentence(ownedTeams)
            : "You leave your teams, and your name, address and sign-ins are deleted."}
        </p>
        {ownedTeams.length === 0 && <DeleteAccountButton deleteAccount={deleteAccount} email={email} />}
      </CardSection>
    </Card>
  )
}
