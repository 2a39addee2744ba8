import { notFound } from "next/navigation"

/** Every other address of the section answers inside its frame, with a way on. */
export default function UnknownPage() {
  notFound()
}
