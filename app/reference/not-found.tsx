import { Message } from "@/components/ui/message-page"
import { REFERENCE_PATH } from "@/lib/reference/pages"

export default function ReferenceNotFound() {
  return (
    <Message
      link={{ href: REFERENCE_PATH, label: "All pages" }}
      title="There is no such page in the reference."
    >
      Check the address, or look for it among all pages.
    </Message>
  )
}
