import { notFound } from "next/navigation"

/** Answers every other address of the section inside its frame, with a way on. */
export default function UnknownPage() {
  notFound()
}
